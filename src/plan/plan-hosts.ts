import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { foldHosts } from '../diagnostics/fold-hosts.ts';
import type { Facts } from '../facts/fact.ts';
import { lintFleet } from '../lint/lint-fleet.ts';
import type { HostToLint } from '../lint/linted-host.ts';
import { mayWire } from '../lint/things.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { hostByHost, together } from './host-by-host.ts';
import type { HostPlan } from './host-plan.ts';
import type { LeftOver } from './left-over-types.ts';
import { planHost } from './plan-host.ts';
import { valueProblems } from './values.ts';

/** A host's steps and its facts: just read, saved, or none. */
export interface KnownHost {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  /** What is left over there; undefined if that isn't looked for. */
  readonly leftOver?: readonly LeftOver[];
}

/** The same with its plan. */
export interface PlannedHost extends KnownHost {
  readonly plan: HostPlan;
}

/**
 * Plans all hosts of a play, in order: the only way from facts to plans, whatever the source of the facts. The
 * diagnostics are what makes plans impossible, and errors in networks. `complete` may first add what else is known
 * about a host. Hosts on whose facts any of this fails are left out: `failed` has the errors. Pure.
 */
export function planHosts<H extends KnownHost>(
  hosts: readonly H[],
  complete: (host: H) => H = (host) => host,
): { hosts: (H & PlannedHost)[]; diagnostics: Diagnostic[]; failed: ReadonlyMap<string, unknown> } {
  const { done, failed } = hostByHost(hosts, (one) => {
    const host = complete(one);
    const { plan, diagnostics, predicted } = planHost(host.resolved, host.facts);
    const toLint: HostToLint = {
      resolved: host.resolved,
      facts: host.facts,
      predicted,
      ...(host.leftOver === undefined ? {} : { leftOver: host.leftOver }),
      tunnelsKnown: tunnelsKnown(host.resolved, plan),
    };
    return {
      resolved: host.resolved,
      planned: { ...host, plan },
      problems: diagnostics.map((problem) => ({ ...problem, hosts: [plan.host] })),
      toLint,
    };
  });
  const linted = together(done, (some) => lintFleet(some.map(({ toLint }) => toLint)));
  const usable = done.filter(({ resolved }) => !linted.failed.has(resolved.host.name));
  // Where a step can't be planned, what comes of the steps after it isn't known.
  const planned = usable.every(({ problems }) => problems.length === 0)
    ? valueProblems(usable.map((host) => host.planned))
    : [];
  const said = [...usable.flatMap(({ problems }) => problems), ...planned, ...linted.result];
  return {
    hosts: usable.map(({ planned }) => planned),
    diagnostics: foldHosts(
      said,
      usable.map(({ resolved }) => resolved.host),
    ),
    failed: new Map([...failed, ...linted.failed]),
  };
}

/** Whether every step's tunnels are known. */
function tunnelsKnown({ unresolved = [] }: ResolvedHost, { steps }: HostPlan): boolean {
  return (
    !unresolved.some(({ kind }) => mayWire(kind)) &&
    !steps.some(({ kind, unknowns }) => mayWire(kind) && unknowns.length > 0)
  );
}
