import type { Facts } from '../facts/fact.ts';
import { type HostRun, hostRunsFact } from '../facts/host-runs.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { RunInForce } from '../plan/owner.ts';
import { planHost } from '../plan/plan-host.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type Extras, extrasOf } from './extras.ts';

/** How a host differs from the playbook. */
export interface HostDrift extends Extras {
  readonly host: string;
  readonly differences: readonly Difference[];
  /** Unknown answers by step, each with its reason. */
  readonly unknowns: readonly { readonly step: Difference['step']; readonly reason: string }[];
  /** Runs that the host keeps and this controller has no record of: they may own what is unknown here. */
  readonly unrecorded: readonly HostRun[];
}

export interface DriftQuestion {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  /** What runs of this controller have left there, oldest first. */
  readonly runs: readonly RunInForce[];
  /** Every run that this controller has a record of. */
  readonly recorded: ReadonlySet<string>;
  /** Absolute. */
  readonly playbook: string;
  /** Whether `resolved` has all steps of the playbook: only then is it known what no step names. */
  readonly allSteps: boolean;
}

/** Compares a host with its playbook. Commands that run every time don't describe a host, and are left out. Pure. */
export function driftOf({ resolved, facts, runs, recorded, playbook, allSteps }: DriftQuestion): HostDrift {
  const { plan } = planHost(resolved, facts, { verify: true });
  return {
    host: plan.host,
    differences: differencesOf(plan, facts, runs),
    unknowns: plan.steps.flatMap(({ index, name, kind, unknowns }) =>
      unknowns.map((reason) => ({ step: { index, name, kind }, reason })),
    ),
    unrecorded: (facts.find(hostRunsFact) ?? []).filter(({ run }) => !recorded.has(run)),
    ...(allSteps ? extrasOf({ host: resolved, runs, playbook }, facts) : { leftOver: [], foreign: [] }),
  };
}

/** Whether a host certainly differs from its playbook and its runs. */
export function hasDrifted({ differences, leftOver }: HostDrift): boolean {
  return differences.length > 0 || leftOver.some(({ certain }) => certain);
}
