import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { DescribedTunnels } from '../kinds/described.ts';
import { type DescribedThing, type HostThings, mayWire, placeOf, thingsDescribed } from './things.ts';

/** Tunnels that get only one end, and full meshes joined by a host that doesn't forward between them. */
export function tunnelLints(hosts: readonly HostThings[]): Diagnostic[] {
  const placed = hosts.map((host) => ({ host, tunnels: thingsDescribed(host, 'tunnels') }));
  return [...oneSided(placed), ...placed.flatMap(withoutTransit)];
}

interface Placed {
  readonly host: HostThings;
  readonly tunnels: readonly DescribedThing<DescribedTunnels>[];
}

/** Hosts of the play without a step for the other end. Hosts that --limit leaves out are ignored. */
function oneSided(placed: readonly Placed[]): Diagnostic[] {
  const without = new Map<string, string[]>();
  const carried = new Map<string, DescribedThing<DescribedTunnels>>();
  const has = new Map<string, Set<string>>();
  for (const { host, tunnels } of placed)
    for (const said of tunnels) {
      const { overlay } = said.thing;
      carried.set(overlay, carried.get(overlay) ?? said);
      has.set(overlay, (has.get(overlay) ?? new Set()).add(host.resolved.host.name));
    }
  for (const { resolved: host } of placed.map((one) => one.host)) {
    // The steps of such a host aren't known yet.
    if (host.unresolved?.some(({ kind }) => mayWire(kind))) continue;
    for (const [overlay, members] of has) {
      if (members.has(host.host.name)) continue;
      const peers = host.overlays.get(overlay)?.peers ?? [];
      if (peers.some((peer) => members.has(peer.host)))
        without.set(overlay, [...(without.get(overlay) ?? []), host.host.name]);
    }
  }
  return [...without].flatMap(([overlay, names]) => {
    const said = carried.get(overlay);
    if (said === undefined) return [];
    return {
      ...warning(
        'one-sided-tunnel',
        `tunnels of overlay '${overlay}' lead there, and no step makes their other ends`,
        placeOf(said, 'overlay'),
        "run the step on all of the overlay's hosts, or narrow the overlay's own `hosts`",
      ),
      hosts: names,
    };
  });
}

function withoutTransit({ host: { resolved }, tunnels }: Placed): Diagnostic[] {
  const first = new Map<string, string>();
  return tunnels.flatMap((said) => {
    const { bridge, overlay } = said.thing;
    if (resolved.overlays.get(overlay)?.protection !== 'protected') return [];
    const other = first.get(bridge) ?? overlay;
    if (other === overlay) {
      first.set(bridge, overlay);
      return [];
    }
    return warning(
      'protected-transit',
      `the full meshes '${other}' and '${overlay}' share the bridge ${bridge} on '${resolved.host.name}', which forwards nothing between them`,
      placeOf(said, 'overlay'),
      'their ports are protected against loops; make one overlay of both, or give each its own bridge',
    );
  });
}
