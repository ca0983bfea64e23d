import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { LintedHost } from './lint-fleet.ts';
import { type TunnelsParams, usesOf } from './use.ts';

/** Tunnels that are on a bridge of ours after the plan, and that no step has made. */
export function foreignTunnelLints({ resolved, strangers }: LintedHost): Diagnostic[] {
  const uses = usesOf<TunnelsParams>(resolved, 'ovs_tunnels');
  const bridges = new Map(uses.map((use) => [use.params.bridge, use]));
  return [...bridges].flatMap(([bridge, use]) => {
    const names = strangers
      .filter((end) => end.bridge === bridge)
      .map(({ name }) => name)
      .sort();
    if (names.length === 0) return [];
    return [
      warning(
        'foreign-tunnel',
        `${bridge} keeps ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}, which no step makes`,
        use.at('bridge'),
        `such a tunnel can close a loop; if nobody needs it: ovs-vsctl --timeout=10 del-port ${names[0]}`,
      ),
    ];
  });
}
