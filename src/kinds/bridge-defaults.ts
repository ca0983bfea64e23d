import { bridgeMac } from '../changes/link.ts';
import { contains, parseCidr } from '../net/cidr.ts';
import { parseInterfaceAddress } from '../net/interface-address.ts';
import { formatMac, parseMac } from '../net/mac.ts';
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

/** A bridge's MAC as `ip link` prints it; without one, the one that is derived from the host's and the bridge's names. */
export function macOrDefault(mac: string | undefined, bridge: string, view: View): string {
  const parsed = mac === undefined ? undefined : parseMac(mac).value;
  return parsed === undefined ? bridgeMac(view.host, bridge) : formatMac(parsed);
}
