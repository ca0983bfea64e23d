import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { cloneLints } from './clones.ts';
import { foreignTunnelLints } from './foreign-tunnels.ts';
import { hostRangeLints } from './host-ranges.ts';
import { dockerLints } from './live-restore.ts';
import { managerLints } from './managers.ts';

/** A host with what is known of it: as it is, and as it is after its plan. */
export interface LintedHost {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  readonly predicted: Facts;
}

/**
 * What networks get wrong, as far as it takes hosts to tell it. What isn't known of a host isn't held against it. All
 * are warnings: the hosts may be meant to be so. Pure; near-linear in what is known.
 */
export function lintFleet(hosts: readonly LintedHost[]): Diagnostic[] {
  return [
    ...cloneLints(hosts),
    ...hosts.flatMap((host) => [
      ...hostRangeLints(host),
      ...managerLints(host),
      ...foreignTunnelLints(host),
      ...dockerLints(host),
    ]),
  ];
}
