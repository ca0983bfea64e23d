import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { ovsFact } from '../facts/ovs.ts';
import { known } from './known.ts';
import type { LintedHost } from './lint-fleet.ts';
import { usesOf } from './use.ts';

const tunnelTypes = ['gre', 'vxlan', 'geneve', 'gretap', 'erspan', 'stt', 'lisp', 'ip6gre'];

/** Tunnels that are on a bridge of ours after the plan, and that no step has made. */
export function foreignTunnelLints({ resolved, predicted }: LintedHost): Diagnostic[] {
  const database = known(predicted, ovsFact);
  if (database === undefined || typeof database === 'string') return [];
  const uses = usesOf<{ bridge: string; overlay: string }>(resolved, 'ovs_tunnels');
  const overlays = new Set(uses.map(({ params }) => params.overlay));
  const bridges = new Map(uses.map((use) => [use.params.bridge, use]));
  return [...bridges].flatMap(([bridge, use]) => {
    const ports = Object.hasOwn(database.bridges, bridge) ? (database.bridges[bridge]?.ports ?? {}) : {};
    const foreign = Object.entries(ports).filter(
      ([, { type = '', externalIds }]) =>
        tunnelTypes.includes(type) && !overlays.has(externalIds?.['meshbook-overlay'] ?? ''),
    );
    if (foreign.length === 0) return [];
    const names = foreign.map(([name]) => name).sort();
    return [
      warning(
        'foreign-tunnel',
        `${bridge} on '${resolved.host.name}' keeps ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}, which no step makes`,
        use.at('bridge'),
        `such a tunnel can close a loop; if nobody needs it: ovs-vsctl --timeout=10 del-port ${names[0]}`,
      ),
    ];
  });
}
