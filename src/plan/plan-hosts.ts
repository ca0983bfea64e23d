import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { foldHosts } from '../diagnostics/fold-hosts.ts';
import type { Facts } from '../facts/fact.ts';
import { kinds } from '../kinds/registry.ts';
import { type HostToLint, lintFleet } from '../lint/lint-fleet.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { HostPlan } from './host-plan.ts';
import type { LeftOver } from './left-over.ts';
import { planHost } from './plan-host.ts';

/** A host's steps, and what is known of it: just read, stored, or nothing. */
export interface KnownHost {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  /** What is left over there; not given where that isn't looked at. */
  readonly leftOver?: readonly LeftOver[];
}

/** The same with what would be done there. */
export interface PlannedHost extends KnownHost {
  readonly plan: HostPlan;
}

/**
 * Plans all hosts of a play, in their order: the one way from facts to plans, wherever the facts come from. The
 * diagnostics are what makes plans impossible, and what networks get wrong. Pure.
 */
export function planHosts<H extends KnownHost>(
  hosts: readonly H[],
): { hosts: (H & PlannedHost)[]; diagnostics: Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const linted: HostToLint[] = [];
  const planned = hosts.map((host) => {
    const { plan, diagnostics, predicted } = planHost(host.resolved, host.facts);
    problems.push(...diagnostics.map((problem) => ({ ...problem, hosts: [plan.host] })));
    linted.push({
      resolved: host.resolved,
      facts: host.facts,
      predicted,
      ...(host.leftOver === undefined ? {} : { leftOver: host.leftOver }),
      tunnelsKnown: tunnelsKnown(host.resolved, plan),
    });
    return { ...host, plan };
  });
  const said = [...problems, ...lintFleet(linted)];
  return {
    hosts: planned,
    diagnostics: foldHosts(
      said,
      hosts.map(({ resolved }) => resolved.host),
    ),
  };
}

/** Whether it is known what every step makes of tunnels. */
function tunnelsKnown({ unresolved = [] }: ResolvedHost, { steps }: HostPlan): boolean {
  const wires = (kind: string) => kinds.get(kind)?.wires !== undefined;
  return (
    !unresolved.some(({ kind }) => wires(kind)) &&
    !steps.some(({ kind, unknowns }) => wires(kind) && unknowns.length > 0)
  );
}
