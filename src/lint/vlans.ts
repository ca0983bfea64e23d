import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { known } from './known.ts';
import type { LintedHost } from './lint-fleet.ts';
import { type TunnelsParams, usesOf } from './use.ts';

/** IEEE 802.1Q. */
const tagBytes = 4;

/** Ports in a VLAN whose frames, with the tag that tunnels carry on, don't fit into an overlay of their bridge. */
export function vlanLints({ resolved, predicted, tagged }: LintedHost): Diagnostic[] {
  if (tagged.length === 0) return [];
  const links = new Map((known(predicted, interfacesFact) ?? []).map((link) => [link.name, link]));
  return usesOf<TunnelsParams>(resolved, 'ovs_tunnels').flatMap(({ params, at }) => {
    const overlay = resolved.overlays.get(params.overlay);
    if (overlay === undefined) return [];
    const fits = overlay.mtu - tagBytes;
    return tagged.flatMap(({ name, bridge, port }) => {
      const mtu = links.get(name)?.mtu;
      if (bridge !== params.bridge || mtu === undefined || mtu <= fits) return [];
      return warning(
        'mtu-above-overlay',
        `the MTU of ${name} is ${mtu}; it is in VLAN ${port.tag} on ${bridge}, and with its tag ${fits} fit into overlay '${overlay.name}'`,
        at('bridge'),
        `ovs-vsctl --timeout=10 set interface ${name} mtu_request=${fits}`,
      );
    });
  });
}
