import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesIn } from '../../facts/interfaces.ts';
import { isLinkLocal } from '../../facts/link-address.ts';
import { overlaps } from '../../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../../net/interface-address.ts';
import type { Part, Parts } from '../change.ts';
import { partIn } from '../namespace.ts';

/** An address of a link, or the one that replaces it in the same network. */
export function addressPart(
  {
    link: name,
    address,
    in: container,
  }: { readonly link: string; readonly address: string; readonly in?: string },
  facts: Facts,
): Parts {
  const link = facts.get(interfacesIn(container)).find((one) => one.name === name);
  return { [addressPartName(name, address, container)]: link === undefined ? null : valueOn(link, address) };
}

/** Every address of a link that was configured. */
export function addressesOf({ name, addresses }: Interface, container?: string): Parts {
  return Object.fromEntries(
    addresses
      .filter((a) => !isLinkLocal(a))
      .map((address) => [addressPartName(name, address, container), address]),
  );
}

export function addressPartName(link: string, address: string, container?: string): string {
  return partIn(container, `address ${address} on ${link}`);
}

function valueOn({ addresses }: Interface, address: string): Part {
  if (addresses.includes(address)) return address;
  const instead = addresses.filter((other) => inOneNetwork(other, address));
  return instead.length === 0 ? null : instead.join(', ');
}

function inOneNetwork(a: string, b: string): boolean {
  const [one, other] = [parseInterfaceAddress(a).value, parseInterfaceAddress(b).value];
  if (one === undefined || other === undefined) return false;
  return overlaps(interfaceNetwork(one), interfaceNetwork(other));
}
