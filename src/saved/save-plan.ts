import { positionAt } from '../diagnostics/position.ts';
import { diffLeases, type Leases } from '../ipam/leases.ts';
import { tidy } from '../json/records.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedCheck, ResolvedStep } from '../model/resolved.ts';
import { withoutSecretContents, withoutSecrets } from '../plan/open-plan.ts';
import type { PlannedHost } from '../plan/plan-hosts.ts';
import type { PlanReport } from '../report/plan/plan-report.ts';
import { secrets } from '../secrets/masker.ts';
import { withoutSecretWords } from '../secrets/words.ts';
import { fingerprintOf } from './fingerprint.ts';
import { reportedCheck } from './reported-check.ts';
import type { SavedHead, SavedHost, SavedPlan, SavedStep } from './saved-plan.ts';

/** The parts of a saved plan. */
export interface PlanToSave {
  readonly report: PlanReport;
  readonly hosts: readonly PlannedHost[];
  readonly checks: readonly ResolvedCheck[];
  /** As in the leases file, and as an apply would write them. */
  readonly leases: { readonly before: Leases; readonly after: Leases };
  readonly about: Pick<SavedHead, 'meshbook' | 'madeAt' | 'choice' | 'steps'>;
}

/** The plan to save: everything that an apply needs, without secrets. Pure. */
export function savePlan({ report, hosts, checks, leases, about }: PlanToSave): SavedPlan {
  const {
    play,
    playbook,
    inventory,
    moreInventories,
    origin,
    onFailure,
    formerHosts,
    warnings,
    unreachable,
  } = report;
  const shownChecks = checks.map(reportedCheck);
  const containers = new Map(report.hosts.map((host) => [host.plan.host, host.runningContainers]));
  return {
    head: {
      ...about,
      play,
      playbook,
      inventory,
      ...(moreInventories === undefined ? {} : { moreInventories }),
      origin,
      onFailure,
      ...(formerHosts === undefined ? {} : { formerHosts }),
      warnings,
      checks: shownChecks,
      leases: changedLeases(leases.before, leases.after),
      unreachable: Object.fromEntries(unreachable),
    },
    hosts: hosts.map((host) =>
      savedHost(host, { checks: shownChecks, onFailure }, containers.get(host.plan.host)),
    ),
  };
}

function savedHost(
  { resolved, plan, leftOver }: PlannedHost,
  head: Pick<SavedHead, 'checks' | 'onFailure'>,
  runningContainers: number | undefined,
): SavedHost {
  const open = withoutSecrets(plan).steps;
  const isMasked = JSON.stringify(open) !== JSON.stringify(withoutSecretContents(plan).steps);
  const { name, address, underlayAddress, groups, ssh, become } = resolved.host;
  const bound = { name, address, ssh, become, overlays: [...resolved.overlays.values()], plan: open };
  return {
    ...bound,
    fingerprint: fingerprintOf(head, bound),
    underlayAddress,
    groups,
    steps: resolved.steps.map(savedStep),
    ...(resolved.unresolved === undefined
      ? {}
      : { unresolved: resolved.unresolved.map((step) => step.name) }),
    ...(resolved.given === undefined ? {} : { given: resolved.given }),
    ...(leftOver === undefined || leftOver.length === 0 ? {} : { leftOver: withoutSecretWords(leftOver) }),
    ...(isMasked ? { masked: true } : {}),
    ...(runningContainers === undefined ? {} : { runningContainers }),
  };
}

/** A step without the values of its secret params. */
export function savedStep({ step, name, params, secrets: marked = [] }: ResolvedStep): SavedStep {
  const { index, kind, timeout, prune } = step;
  const { source, start } = step.locate([]);
  const own = kinds.get(kind)?.secrets?.(params) ?? [];
  const isSecret = (param: string) =>
    own.includes(param) || marked.includes(param) || secrets.value(params[param]) !== params[param];
  const left = Object.keys(params).filter(isSecret);
  return {
    index,
    name: secrets.text(name),
    line: positionAt(source, start).line,
    kind,
    ...tidy({ timeout, prune }),
    params: Object.fromEntries(Object.entries(params).filter(([param]) => !left.includes(param))),
    ...(left.length === 0 ? {} : { secrets: left }),
  };
}

function changedLeases(before: Leases, after: Leases): SavedHead['leases'] {
  const changed = new Set(diffLeases(before, after).map(({ overlay }) => overlay));
  const of = (leases: Leases, overlay: string) => Object.fromEntries(leases.get(overlay) ?? []);
  return Object.fromEntries(
    [...changed].map((overlay) => [overlay, { before: of(before, overlay), after: of(after, overlay) }]),
  );
}
