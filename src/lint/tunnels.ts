import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { type TunnelsParams, type Use, usesOf } from './use.ts';

/** Tunnels that only one end gets, and full meshes that are joined where nobody passes frames on. */
export function tunnelLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  const placed = hosts.map((host) => ({ host, tunnels: usesOf<TunnelsParams>(host, 'ovs_tunnels') }));
  return [...oneSided(placed), ...placed.flatMap(({ tunnels }) => withoutTransit(tunnels))];
}

type Placed = { readonly host: ResolvedHost; readonly tunnels: readonly Use<TunnelsParams>[] };

/** Hosts of the play that have no step for the other end. Hosts that --limit leaves out aren't looked at. */
function oneSided(placed: readonly Placed[]): Diagnostic[] {
  const without = new Map<string, string[]>();
  const carried = new Map<string, Use<TunnelsParams>>();
  const has = new Map<string, Set<string>>();
  for (const { host, tunnels } of placed)
    for (const use of tunnels) {
      carried.set(use.params.overlay, carried.get(use.params.overlay) ?? use);
      has.set(use.params.overlay, (has.get(use.params.overlay) ?? new Set()).add(host.host.name));
    }
  for (const { host } of placed) {
    // What such a host's steps will be isn't known yet.
    if (host.unresolved?.some(({ kind }) => kind === 'ovs_tunnels')) continue;
    for (const [overlay, members] of has) {
      if (members.has(host.host.name)) continue;
      const peers = host.overlays.get(overlay)?.peers ?? [];
      if (peers.some((peer) => members.has(peer.host)))
        without.set(overlay, [...(without.get(overlay) ?? []), host.host.name]);
    }
  }
  return [...without].flatMap(([overlay, names]) => {
    const use = carried.get(overlay);
    if (use === undefined) return [];
    return {
      ...warning(
        'one-sided-tunnel',
        `tunnels of overlay '${overlay}' lead there, and no step makes their other ends`,
        use.at('overlay'),
        "run the step on all of the overlay's hosts, or narrow the overlay's own `hosts`",
      ),
      hosts: names,
    };
  });
}

function withoutTransit(tunnels: readonly Use<TunnelsParams>[]): Diagnostic[] {
  const first = new Map<string, Use<TunnelsParams>>();
  return tunnels.flatMap((use) => {
    const { bridge, overlay } = use.params;
    if (use.host.overlays.get(overlay)?.protection !== 'protected') return [];
    const other = first.get(bridge);
    if (other === undefined || other.params.overlay === overlay) {
      first.set(bridge, use);
      return [];
    }
    return warning(
      'protected-transit',
      `the full meshes '${other.params.overlay}' and '${overlay}' share the bridge ${bridge} on '${use.host.host.name}', which forwards nothing between them`,
      use.at('overlay'),
      'their ports are protected against loops; make one overlay of both, or give each its own bridge',
    );
  });
}
