import { contains, parseCidr } from '../net/cidr.ts';
import { parseInterfaceAddress } from '../net/interface-address.ts';
import type { View } from './define-kind.ts';

/**
 * The MTU that a bridge with these addresses needs when nobody names one: that of the overlay whose range holds
 * one of them; undefined where none does.
 */
export function overlayMtu(addresses: readonly string[], view: View): number | undefined {
  const parsed = addresses.flatMap((text) => parseInterfaceAddress(text).value?.address ?? []);
  return [...view.overlays.values()].find(({ cidr }) => {
    const range = parseCidr(cidr).value;
    return range !== undefined && parsed.some((address) => contains(range, address));
  })?.mtu;
}
