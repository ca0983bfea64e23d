import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { cloneLints } from './clones.ts';
import { dockerLints } from './docker.ts';
import { facingEndLints } from './facing-ends.ts';
import { foreignTunnelLints } from './foreign-tunnels.ts';
import { forwardingDelayLints } from './forwarding-delay.ts';
import { hostRangeLints } from './host-ranges.ts';
import { managerLints } from './managers.ts';
import { movingLints } from './moving.ts';
import { secretFileLints } from './secret-files.ts';
import { shapeChangeLints } from './shape-changes.ts';
import { type OtherPorts, otherPorts } from './strangers.ts';
import { type HostThings, withThings } from './things.ts';
import { udpPortLints } from './udp-ports.ts';
import { underlayLints } from './underlay-addresses.ts';
import { vlanLints } from './vlans.ts';

/** A host with what is known of it: as it is, and as it is after its plan. */
export interface HostToLint {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  readonly predicted: Facts;
  /** What is left over there, as far as records tell. */
  readonly leftOver?: readonly { readonly part: string; readonly stays?: string }[];
  /** Whether `predicted` has all that the steps make of tunnels. */
  readonly tunnelsKnown: boolean;
}

export interface LintedHost extends HostToLint, HostThings, OtherPorts {}

/**
 * What networks get wrong, as far as it takes hosts to tell it. What isn't known of a host isn't held against it. Nearly
 * all are warnings: the hosts may be meant to be so. Pure; near-linear in what is known.
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
