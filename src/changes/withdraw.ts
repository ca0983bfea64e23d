import type { Interface } from '../facts/interfaces.ts';
import { isLinkLocal } from '../facts/link-address.ts';
import { type AddressChange, addressChange } from './address/address.ts';
import type { LinkChange } from './link/change.ts';

/**
 * Takes away what a link has only as long as it lives: addresses, its bridge, being up. Planned in front of a
 * change that deletes the link, so that the undo, once the link is there again, gives all that back.
 */
export function withdraw(link: Interface): (AddressChange | LinkChange)[] {
  return [...withdrawAddresses(link), ...withdrawSettings(link)];
}

/** The addresses alone; those that the kernel made come back by themselves. */
export function withdrawAddresses({ name, addresses }: Interface): AddressChange[] {
  return addresses.filter((a) => !isLinkLocal(a)).map((address) => addressChange(name, address, 'absent'));
}

function withdrawSettings({ name, master, up }: Interface): LinkChange[] {
  if (master === undefined && !up) return [];
  return [
    {
      type: 'link',
      link: name,
      before: { ...(master === undefined ? {} : { master }), up },
      after: { ...(master === undefined ? {} : { master: null }), up: false },
      risks: ['drops-traffic'],
    },
  ];
}
