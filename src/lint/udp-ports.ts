import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { udpPortFact } from '../facts/udp-port.ts';
import { udpPort } from '../topology/udp-port.ts';
import type { LintedHost } from './linted-host.ts';
import { placeOf, thingsDescribed } from './things.ts';

/** Tunnels whose UDP port is in use by something else on the host. */
export function udpPortLints(host: LintedHost): Diagnostic[] {
  const { resolved, facts } = host;
  return thingsDescribed(host, 'tunnels').flatMap((said) => {
    const overlay = resolved.overlays.get(said.thing.overlay);
    const port = overlay && udpPort(overlay);
    if (port === undefined || facts.find(udpPortFact(port)) !== true) return [];
    const links = facts.find(interfacesFact) ?? [];
    // The devices with which Open vSwitch receives: vport.c, dpif-netlink-rtnl.c.
    if (links.some(({ name }) => name === `vxlan_sys_${port}` || name === `genev_sys_${port}`)) return [];
    return [
      warning(
        'udp-port-taken',
        `something else on the host receives at UDP port ${port}, where tunnels of overlay '${overlay?.name}' arrive`,
        placeOf(said, 'overlay'),
        "VXLAN devices of the kernel do, those of Docker's swarm and of flannel included: give the overlay another dst_port",
      ),
    ];
  });
}
