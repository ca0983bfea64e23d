import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { udpPortFact } from '../facts/udp-port.ts';
import { udpPort } from '../topology/udp-port.ts';
import { known } from './known.ts';
import type { HostToLint } from './lint-fleet.ts';
import { type TunnelsParams, usesOf } from './use.ts';

/** Tunnels that arrive at a UDP port at which something else on the host receives. */
export function udpPortLints({ resolved, facts }: HostToLint): Diagnostic[] {
  return usesOf<TunnelsParams>(resolved, 'ovs_tunnels').flatMap((use) => {
    const overlay = resolved.overlays.get(use.params.overlay);
    const port = overlay && udpPort(overlay);
    if (port === undefined || known(facts, udpPortFact(port)) !== true) return [];
    const links = known(facts, interfacesFact) ?? [];
    // The devices by which Open vSwitch receives: vport.c, dpif-netlink-rtnl.c.
    if (links.some(({ name }) => name === `vxlan_sys_${port}` || name === `genev_sys_${port}`)) return [];
    return [
      warning(
        'udp-port-taken',
        `something else on the host receives at UDP port ${port}, where tunnels of overlay '${use.params.overlay}' arrive`,
        use.at('overlay'),
        "VXLAN devices of the kernel do, those of Docker's swarm and of flannel included: give the overlay another dst_port",
      ),
    ];
  });
}
