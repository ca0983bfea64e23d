import { type Diagnostic, error, type SourceRange, warning } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { parseAddress } from '../net/address.ts';
import { contains, overlaps, parseCidr } from '../net/cidr.ts';
import { type DockerParams, usesOf } from './use.ts';

/** What docker0 has where nobody says otherwise and it is free. */
const dockerDefault = '172.17.0.0/16';

/** Overlays whose range holds an address that tunnels or SSH go to, or is Docker's own. */
export function overlayRangeLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  const said = new Set<string>();
  return hosts.flatMap((host) =>
    [...host.overlays.values()].flatMap(({ name, cidr, underlayAddress }): Diagnostic[] => {
      const range = parseCidr(cidr).value;
      if (range === undefined) return [];
      const inside = (text: string) => {
        const address = parseAddress(text).value;
        return address !== undefined && contains(range, address);
      };
      const holds = [underlayAddress, host.host.address].find(inside);
      if (holds !== undefined)
        return [
          error(
            'overlay-over-underlay',
            `the range ${cidr} of overlay '${name}' holds ${holds} of '${host.host.name}', which the hosts reach it by`,
            holds === underlayAddress ? host.host.underlayAt : host.host.at,
            'choose another cidr: once a bridge has this range, packets to that address go into the overlay',
          ),
        ];
      const docker = usesOf<DockerParams>(host, 'docker_daemon').find(
        ({ params }) => params.bridge === undefined && params.bip === undefined,
      );
      const own = parseCidr(dockerDefault).value;
      if (docker === undefined || own === undefined || !overlaps(range, own) || said.has(name)) return [];
      said.add(name);
      return [
        warning(
          'overlay-over-network',
          `the range ${cidr} of overlay '${name}' overlaps ${dockerDefault}, which Docker gives to docker0`,
          docker.at() satisfies SourceRange,
          'choose another cidr, or give docker0 another address with bip',
        ),
      ];
    }),
  );
}
