import { positionAt } from '../diagnostics/position.ts';
import { diffLeases, type Leases } from '../ipam/leases.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedCheck, ResolvedStep } from '../model/resolved.ts';
import { fingerprintOf } from '../plan/fingerprint.ts';
import { withoutSecrets } from '../plan/open-plan.ts';
import type { PlannedHost } from '../plan/plan-hosts.ts';
import type { PlanReport } from '../report/plan-report.ts';
import type { SavedCheck, SavedHead, SavedHost, SavedPlan, SavedStep } from './plan-file.ts';

/** Everything that a saved plan is made from. */
export interface PlanToSave {
  readonly report: PlanReport;
  readonly hosts: readonly PlannedHost[];
  readonly checks: readonly ResolvedCheck[];
  /** As they stand in the leases file, and as an apply would write them. */
  readonly leases: { readonly before: Leases; readonly after: Leases };
  readonly about: Pick<SavedHead, 'meshbook' | 'madeAt' | 'choice' | 'steps'>;
}

/** The plan as it is kept: all that an apply needs, and no secret. Pure. */
export function savePlan({ report, hosts, checks, leases, about }: PlanToSave): SavedPlan {
  const { play, playbook, inventory, origin, onFailure, newLeases, warnings, unreachable } = report;
  const containers = new Map(report.hosts.map((host) => [host.plan.host, host.runningContainers]));
  return {
    head: {
      ...about,
      play,
      playbook,
      inventory,
      origin,
      onFailure,
      newLeases,
      warnings,
      checks: checks.map(savedCheck),
      leases: changedLeases(leases.before, leases.after),
      unreachable: Object.fromEntries(unreachable),
    },
    hosts: hosts.map((host) => savedHost(host, containers.get(host.plan.host))),
  };
}

function savedHost({ resolved, plan }: PlannedHost, runningContainers: number | undefined): SavedHost {
  const { name, address, underlayAddress, groups, ssh, become } = resolved.host;
  return {
    name,
    fingerprint: fingerprintOf(plan),
    address,
    underlayAddress,
    groups,
    ssh,
    become,
    overlays: [...resolved.overlays.values()],
    steps: resolved.steps.map(savedStep),
    ...(resolved.unresolved === undefined
      ? {}
      : { unresolved: resolved.unresolved.map((step) => step.name) }),
    plan: withoutSecrets(plan).steps,
    ...(runningContainers === undefined ? {} : { runningContainers }),
  };
}

/** A step without the values of its secret params. */
export function savedStep({ step, name, params }: ResolvedStep): SavedStep {
  const { index, kind, timeout } = step;
  const { source, start } = step.locate([]);
  const secrets = (kinds.get(kind)?.secrets?.(params) ?? []).filter((param) => Object.hasOwn(params, param));
  return {
    index,
    name,
    line: positionAt(source, start).line,
    kind,
    ...(timeout === undefined ? {} : { timeout }),
    params: Object.fromEntries(Object.entries(params).filter(([param]) => !secrets.includes(param))),
    ...(secrets.length === 0 ? {} : { secrets }),
  };
}

function savedCheck({ check, hosts }: ResolvedCheck): SavedCheck {
  const { index, name, kind, between, timeout, retry } = check;
  const params = Object.fromEntries([...hosts].map(([host, action]) => [host, action.params]));
  return { index, name, kind, between, timeout, retry, hosts: params };
}

function changedLeases(before: Leases, after: Leases): SavedHead['leases'] {
  const changed = new Set(diffLeases(before, after).map(({ overlay }) => overlay));
  const of = (leases: Leases, overlay: string) => Object.fromEntries(leases.get(overlay) ?? []);
  return Object.fromEntries(
    [...changed].map((overlay) => [overlay, { before: of(before, overlay), after: of(after, overlay) }]),
  );
}
