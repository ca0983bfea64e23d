import { formatCidr } from '../../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../../net/interface-address.ts';

/**
 * An interface's addresses after one is added, in the kernel's order (`inet_insert_ifa`): for IPv4, the first of its
 * network (a primary one) goes after the other primary ones, a secondary one to the end.
 */
export function addressesWith(addresses: readonly string[], address: string): string[] {
  if (addresses.includes(address)) return [...addresses];
  const at = isSecondary(address, addresses) ? endOfIpv4(addresses) : endOfPrimaries(addresses);
  return address.includes(':') ? [...addresses, address] : addresses.toSpliced(at, 0, address);
}

/**
 * The addresses after one is deleted, with promotion of secondary ones: the next of a primary one's network takes its
 * place after the other primary ones (`__inet_del_ifa`).
 */
export function addressesWithout(addresses: readonly string[], address: string): string[] {
  const others = addresses.filter((one) => one !== address);
  const at = addresses.indexOf(address);
  if (at < 0 || isSecondary(address, addresses.slice(0, at))) return others;
  const next = others.find((one, i) => i >= at && isSecondary(one, [address]));
  if (next === undefined) return others;
  const rest = others.filter((one) => one !== next);
  return rest.toSpliced(endOfPrimaries(rest.filter((one) => networkOf(one) !== networkOf(address))), 0, next);
}

function isSecondary(address: string, before: readonly string[]): boolean {
  const network = networkOf(address);
  return network !== undefined && before.some((one) => networkOf(one) === network);
}

function endOfPrimaries(addresses: readonly string[]): number {
  const end = endOfIpv4(addresses);
  const first = addresses.findIndex((one, i) => i < end && isSecondary(one, addresses.slice(0, i)));
  return first < 0 ? end : first;
}

function endOfIpv4(addresses: readonly string[]): number {
  const first = addresses.findIndex((one) => one.includes(':'));
  return first < 0 ? addresses.length : first;
}

/** IPv4 only: IPv6 has no secondary addresses. */
function networkOf(address: string): string | undefined {
  const parsed = parseInterfaceAddress(address).value;
  return parsed?.address.version === 4 ? formatCidr(interfaceNetwork(parsed)) : undefined;
}
