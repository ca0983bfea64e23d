import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { routesFact } from '../facts/routes.ts';
import { type Cidr, formatCidr, overlaps, parseCidr } from '../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import { known } from './known.ts';
import type { LintedHost } from './lint-fleet.ts';
import { type BridgeParams, usesOf, warning } from './use.ts';

/** Networks that a host has already, by an address or a route, where an overlay has its range. */
export function hostRangeLints({ resolved, facts }: LintedHost): Diagnostic[] {
  // The steps' own bridges have the overlay's addresses, and the route that goes with them.
  const own = new Set([
    ...usesOf<BridgeParams>(resolved, 'linux_bridge').map(({ params }) => params.name),
    ...usesOf<BridgeParams>(resolved, 'ovs_bridge').map(({ params }) => params.name),
  ]);
  const networks = [...byAddress(facts), ...byRoute(facts)].filter(({ dev }) => !own.has(dev));
  return [...resolved.overlays.values()].flatMap(({ name, cidr }) => {
    const range = parseCidr(cidr).value;
    const met = range && networks.find((network) => overlaps(range, network.cidr));
    if (met === undefined) return [];
    return [
      warning(
        'overlay-over-network',
        `the range ${cidr} of overlay '${name}' overlaps ${formatCidr(met.cidr)}, which '${resolved.host.name}' has ${met.by} ${met.dev}`,
        resolved.host.at,
        `choose another cidr for '${name}', or move the other network`,
      ),
    ];
  });
}

interface Network {
  readonly cidr: Cidr;
  readonly dev: string;
  readonly by: string;
}

function byAddress(facts: LintedHost['facts']): Network[] {
  return (known(facts, interfacesFact) ?? []).flatMap(({ name, addresses }) =>
    addresses.flatMap((text) => {
      const address = parseInterfaceAddress(text).value;
      return address === undefined ? [] : [{ cidr: interfaceNetwork(address), dev: name, by: 'on' }];
    }),
  );
}

/** A route to everything, or to a host, is no network; neither is one that stops packets. */
function byRoute(facts: LintedHost['facts']): Network[] {
  return (known(facts, routesFact) ?? []).flatMap(({ dst, dev, table, type }) => {
    if (typeof dst !== 'string' || typeof dev !== 'string' || type !== undefined || table === 'local')
      return [];
    const cidr = parseCidr(dst).value;
    return cidr === undefined || cidr.prefix === 0 ? [] : [{ cidr, dev, by: 'by a route over' }];
  });
}
