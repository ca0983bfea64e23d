import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import { parseAddress } from '../net/address.ts';
import { contains, overlaps, parseCidr } from '../net/cidr.ts';
import { type HostThings, placeOf, thingsDescribed } from './things.ts';

/**
 * Overlays whose range contains a tunnel endpoint, an SSH address, or a range that Docker hands out by
 * default.
 */
export function overlayRangeLints(hosts: readonly HostThings[]): Diagnostic[] {
  const said = new Set<string>();
  return hosts.flatMap((described) => {
    const { host, overlays } = described.resolved;
    return [...overlays.values()].flatMap(({ name, cidr, underlayAddress }): Diagnostic[] => {
      const range = parseCidr(cidr).value;
      if (range === undefined) return [];
      const inside = (text: string) => {
        const address = parseAddress(text).value;
        return address !== undefined && contains(range, address);
      };
      const holds = [underlayAddress, host.address].find(inside);
      if (holds !== undefined)
        return [
          error(
            'overlay-over-underlay',
            `the range ${cidr} of overlay '${name}' holds ${holds} of '${host.name}', which the hosts reach it by`,
            holds === underlayAddress ? host.underlayAt : host.at,
            'choose another cidr: once a bridge has this range, packets to that address go into the overlay',
          ),
        ];
      const network = thingsDescribed(described, 'network').find(({ thing }) => thing.usual !== undefined);
      const { by, usual } = network?.thing ?? {};
      const own = usual && parseCidr(usual.range).value;
      if (network === undefined || own === undefined || !overlaps(range, own) || said.has(name)) return [];
      said.add(name);
      return [
        warning(
          'overlay-over-network',
          `the range ${cidr} of overlay '${name}' overlaps ${usual?.range}, which ${by} gives to ${usual?.bridge}`,
          placeOf(network),
          `choose another cidr, or give ${usual?.bridge} another address with bip`,
        ),
      ];
    });
  });
}
