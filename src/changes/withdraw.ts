import type { Interface } from '../facts/interfaces.ts';
import { isLinkLocal } from '../facts/link-address.ts';
import { type AddressChange, addressChange } from './address/address.ts';
import type { LinkChange } from './link/change.ts';

/**
 * Removes what a link has only while it exists: addresses, its bridge, being up. Planned before a change that deletes
 * the link, so that an undo restores all of it once the link exists again.
 */
export function withdraw(link: Interface): (AddressChange | LinkChange)[] {
  return [...withdrawAddresses(link), ...withdrawSettings(link)];
}

/** Only the addresses; those that the kernel made come back by themselves. */
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
