import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { overlayTag } from '../facts/ovs/tags.ts';
import type { End, LintedHost } from './linted-host.ts';
import { placeOf, thingsDescribed } from './things.ts';

/**
 * Tunnels that are on a bridge of ours after the plan although no step makes them: someone else's, or left
 * over.
 */
export function foreignTunnelLints(host: LintedHost): Diagnostic[] {
  const bridges = new Map(thingsDescribed(host, 'tunnels').map((said) => [said.thing.bridge, said]));
  return [...bridges].flatMap(([bridge, said]) => {
    const { kind } = said.step.step;
    const byOverlay = new Map<string | undefined, string[]>();
    for (const { name, port } of host.strangers.filter((end: End) => end.bridge === bridge)) {
      const overlay = port.externalIds?.[overlayTag];
      byOverlay.set(overlay, [...(byOverlay.get(overlay) ?? []), name].sort());
    }
    return [...byOverlay].map(([overlay, names]) => {
      const some = `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;
      return overlay === undefined
        ? warning(
            'foreign-tunnel',
            `${bridge} keeps ${some}, which no step makes`,
            placeOf(said, 'bridge'),
            `such a tunnel can close a loop; if nobody needs it: ovs-vsctl --timeout=10 del-port ${names[0]}`,
          )
        : warning(
            'left-over-tunnel',
            `${bridge} keeps ${some} of overlay '${overlay}', which no step makes any more`,
            placeOf(said, 'bridge'),
            `such a tunnel can close a loop; if no other playbook has the overlay, add a step ${kind}: { bridge: ${bridge}, overlay: ${overlay}, state: absent }`,
          );
    });
  });
}
