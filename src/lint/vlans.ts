import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import type { LintedHost } from './linted-host.ts';
import { placeOf, thingsDescribed } from './things.ts';

/** IEEE 802.1Q. */
const tagBytes = 4;

/**
 * Access ports whose frames, with the VLAN tag that tunnels keep, don't fit into an overlay of their bridge.
 */
export function vlanLints(host: LintedHost): Diagnostic[] {
  const { resolved, predicted, tagged } = host;
  if (tagged.length === 0) return [];
  const links = new Map((predicted.find(interfacesFact) ?? []).map((link) => [link.name, link]));
  return thingsDescribed(host, 'tunnels').flatMap((said) => {
    const overlay = resolved.overlays.get(said.thing.overlay);
    if (overlay === undefined) return [];
    const fits = overlay.mtu - tagBytes;
    return tagged.flatMap(({ name, bridge, port }) => {
      const mtu = links.get(name)?.mtu;
      if (bridge !== said.thing.bridge || mtu === undefined || mtu <= fits) return [];
      return warning(
        'mtu-above-overlay',
        `the MTU of ${name} is ${mtu}; it is in VLAN ${port.tag} on ${bridge}, and with its tag ${fits} fit into overlay '${overlay.name}'`,
        placeOf(said, 'bridge'),
        `ovs-vsctl --timeout=10 set interface ${name} mtu_request=${fits}`,
      );
    });
  });
}
