import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { cloneLints } from './clones.ts';
import { dockerLints } from './docker.ts';
import { facingEndLints } from './facing-ends.ts';
import { foreignTunnelLints } from './foreign-tunnels.ts';
import { forwardingDelayLints } from './forwarding-delay.ts';
import { hostRangeLints } from './host-ranges.ts';
import type { HostToLint, LintedHost } from './linted-host.ts';
import { managerLints } from './managers.ts';
import { movingLints } from './moving.ts';
import { secretFileLints } from './secret-files.ts';
import { shapeChangeLints } from './shape-changes.ts';
import { otherPorts } from './strangers.ts';
import { withThings } from './things.ts';
import { udpPortLints } from './udp-ports.ts';
import { underlayLints } from './underlay-addresses.ts';
import { vlanLints } from './vlans.ts';

/**
 * Errors in networks that show only with the hosts' facts. An unknown fact is never an error. Nearly all are
 * warnings, as the hosts may be set up like this on purpose. Pure; near-linear in what is known.
 */
export function lintFleet(known: readonly HostToLint[]): Diagnostic[] {
  const hosts = known.map(withThings).map((host): LintedHost => ({ ...host, ...otherPorts(host) }));
  return [
    ...cloneLints(hosts),
    ...facingEndLints(hosts),
    ...underlayLints(hosts),
    ...shapeChangeLints(hosts),
    ...hosts.flatMap((host) =>
      [
        hostRangeLints,
        managerLints,
        foreignTunnelLints,
        dockerLints,
        vlanLints,
        udpPortLints,
        movingLints,
        forwardingDelayLints,
        secretFileLints,
      ].flatMap((lint) => lint(host).map((one) => ({ ...one, hosts: [host.resolved.host.name] }))),
    ),
  ];
}
