import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import { type LintedHost, lintFleet } from '../lint/lint-fleet.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { HostPlan } from './host-plan.ts';
import { planHost } from './plan-host.ts';

/** A host's steps, and what is known of it: just read, stored, or nothing. */
export interface KnownHost {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
}

/** The same with what would be done there. */
export interface PlannedHost extends KnownHost {
  readonly plan: HostPlan;
}

/**
 * Plans all hosts of a play, in their order: the one way from facts to plans, wherever the facts come from. The
 * diagnostics are what makes plans impossible, and what networks get wrong; what is wrong on several hosts alike is said once. Pure.
 */
export function planHosts<H extends KnownHost>(
  hosts: readonly H[],
): { hosts: (H & PlannedHost)[]; diagnostics: Diagnostic[] } {
  const problems = new Map<string, readonly Diagnostic[]>();
  const linted: LintedHost[] = [];
  const planned = hosts.map((host) => {
    const { plan, diagnostics, predicted } = planHost(host.resolved, host.facts);
    problems.set(plan.host, diagnostics);
    linted.push({ resolved: host.resolved, facts: host.facts, predicted });
    return { ...host, plan };
  });
  return { hosts: planned, diagnostics: [...sayOnce(problems), ...lintFleet(linted)] };
}

/** What is wrong on several hosts alike is one diagnostic that names them, unless it is all of them. */
function sayOnce(problems: ReadonlyMap<string, readonly Diagnostic[]>): Diagnostic[] {
  const found = new Map<string, { diagnostic: Diagnostic; hosts: string[] }>();
  for (const [host, diagnostics] of problems) {
    for (const diagnostic of diagnostics) {
      const { code, message, range } = diagnostic;
      const key = JSON.stringify([code, message, range?.source.path, range?.start]);
      const same = found.get(key) ?? { diagnostic, hosts: [] };
      same.hosts.push(host);
      found.set(key, same);
    }
  }
  return [...found.values()].map(({ diagnostic, hosts }) =>
    hosts.length === problems.size
      ? diagnostic
      : { ...diagnostic, message: `${hosts.join(', ')}: ${diagnostic.message}` },
  );
}
