import { isDeepStrictEqual } from 'node:util';
import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { diffLeases, type Leases } from '../ipam/leases.ts';
import { tidy } from '../json/records.ts';
import type { CheckAction } from '../model/check-types.ts';
import type { ResolvedCheck, ResolvedHost, ResolvedStep } from '../model/resolved.ts';
import { leaseWords } from '../report/plan/lease-words.ts';
import type { PlanReport, ReportedCheck } from '../report/plan/plan-report.ts';
import { reportedCheck } from './reported-check.ts';
import { savedStep } from './save-plan.ts';
import type { SavedHead, SavedHost, SavedPlan, SavedStep } from './saved-plan.ts';

/** The source of every format of a plan. */
export function reportOf({ head, hosts }: SavedPlan): PlanReport {
  const { play, playbook, inventory, moreInventories, origin, onFailure, formerHosts, warnings, madeAt } =
    head;
  return {
    play,
    playbook,
    inventory,
    ...(moreInventories === undefined ? {} : { moreInventories }),
    origin,
    madeAt,
    onFailure,
    newLeases: leaseLines(head),
    ...(formerHosts === undefined ? {} : { formerHosts }),
    warnings,
    checks: head.checks,
    unreachable: new Map(Object.entries(head.unreachable)),
    hosts: hosts.map(({ name, plan, address, ssh, become, groups, overlays, fingerprint, ...rest }) => ({
      plan: { host: name, steps: plan },
      address,
      reach: { ssh, become },
      groups,
      overlays: byName(overlays),
      fingerprint,
      ...(rest.leftOver === undefined ? {} : { leftOver: rest.leftOver }),
      ...(rest.runningContainers === undefined ? {} : { runningContainers: rest.runningContainers }),
    })),
  };
}

/** What apply would write to the leases file, a line each. */
export function leaseLines({ leases }: Pick<SavedHead, 'leases'>): string[] {
  const of = (when: 'before' | 'after'): Leases =>
    new Map(Object.entries(leases).map(([overlay, both]) => [overlay, new Map(Object.entries(both[when]))]));
  return diffLeases(of('before'), of('after')).map(leaseWords);
}

/** Whether an apply has to read anything from the playbook again. */
export function needsSecrets({ head, hosts }: SavedPlan): boolean {
  return hosts.some(hasSecrets) || head.checks.some((check) => Object.values(check.hosts).includes(null));
}

/**
 * The hosts with their steps, as resolved when the plan was made. Secrets are taken from `fresh`, the same play
 * resolved again from its files; everything else in such a host's steps must be unchanged.
 * @returns also the differences, a sentence each.
 */
export function restoreHosts(
  { head, hosts }: SavedPlan,
  fresh: readonly ResolvedHost[] = [],
): { hosts: ResolvedHost[]; problems: string[] } {
  const sources = new Map(fresh.map((host) => [host.host.name, host]));
  const problems: string[] = [];
  const nowhere = { source: { path: head.playbook, text: '' }, start: 0, end: 0 };
  const restored = hosts.map((host): ResolvedHost => {
    const source = hasSecrets(host) ? sources.get(host.name) : undefined;
    if (hasSecrets(host)) problems.push(...differences(host, source));
    return {
      host: hostOf(host, nowhere),
      overlays: byName(host.overlays),
      ...(host.given === undefined ? {} : { given: host.given }),
      // A prune is in no playbook.
      steps: host.steps.map((step, i) =>
        stepOf(step, step.prune ? undefined : source?.steps[i - prunes(host)], nowhere),
      ),
    };
  });
  return { hosts: restored, problems };
}

/** The checks of a plan; secret params are taken from `fresh`, the same play. @returns also what is missing there. */
export function restoreChecks(
  { head }: SavedPlan,
  fresh: readonly ResolvedCheck[] = [],
): { checks: ResolvedCheck[]; problems: string[] } {
  const problems: string[] = [];
  const nowhere = { source: { path: head.playbook, text: '' }, start: 0, end: 0 };
  const checks = head.checks.map(({ hosts, ...check }: ReportedCheck) => {
    const action = (host: string, params: ReportedCheck['hosts'][string]) => {
      if (params !== null) return { kind: check.kind, params } as CheckAction;
      const again = fresh.find((other) => isSecretCheck(other, host, check))?.hosts.get(host);
      if (again === undefined)
        problems.push(`the check ${check.name} of ${host} is another than in the plan`);
      return again ?? ({ kind: check.kind, params: {} } as CheckAction);
    };
    return {
      check: { ...check, params: {}, locate: () => nowhere },
      hosts: new Map(Object.entries(hosts).map(([host, params]) => [host, action(host, params)])),
    };
  });
  return { checks, problems };
}

/** Whether a check is still the saved one, and just as secret for a host. */
function isSecretCheck(fresh: ResolvedCheck, host: string, saved: Omit<ReportedCheck, 'hosts'>): boolean {
  const { hosts, ...now } = reportedCheck(fresh);
  return hosts[host] === null && isDeepStrictEqual(plain(now), saved);
}

function hasSecrets({ steps, masked }: SavedHost): boolean {
  return masked === true || steps.some(({ secrets = [] }) => secrets.length > 0);
}

/** The differences between a host resolved again and the saved one. */
function differences(saved: SavedHost, fresh: ResolvedHost | undefined): string[] {
  if (fresh === undefined) return [`${saved.name} is no host of the play any more`];
  if (!isDeepStrictEqual(saved.overlays, plain([...fresh.overlays.values()])))
    return [`the overlays of ${saved.name} are others than in the plan`];
  const steps = saved.steps.slice(prunes(saved));
  if (steps.length !== fresh.steps.length)
    return [`${saved.name} has ${fresh.steps.length} steps now, and had ${steps.length}`];
  return steps.flatMap((step, i) => {
    const now = plain(savedStep(fresh.steps[i] as ResolvedStep));
    if (isDeepStrictEqual(step, { ...now, line: step.line })) return [];
    return [`step ${step.index + 1}, ${step.name}, on ${saved.name} says something else than in the plan`];
  });
}

/** How many steps prune; they come first. */
function prunes({ steps }: SavedHost): number {
  return steps.filter(({ prune }) => prune).length;
}

/** As read from a file. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function stepOf(saved: SavedStep, fresh: ResolvedStep | undefined, nowhere: SourceRange): ResolvedStep {
  const { index, name, line, kind, timeout, prune, secrets = [] } = saved;
  // Only the place is left of the playbook's text.
  const source = { ...nowhere.source, text: '\n'.repeat(line - 1) };
  const at = { source, start: line - 1, end: line - 1 };
  const params = { ...saved.params };
  for (const param of secrets) params[param] = fresh?.params[param];
  return {
    step: {
      index,
      name,
      kind,
      params,
      tags: [],
      vars: {},
      locate: () => at,
      ...tidy({ timeout, prune }),
    },
    name,
    params,
    ...(fresh?.secrets === undefined ? {} : { secrets: fresh.secrets }),
  };
}

function hostOf(
  { name, address, underlayAddress, groups, ssh, become }: SavedHost,
  nowhere: SourceRange,
): ResolvedHost['host'] {
  return {
    name,
    address,
    underlayAddress,
    groups,
    ssh,
    become,
    at: nowhere,
    underlayAt: nowhere,
    vars: {},
    varsAt: () => nowhere,
    overlays: {},
  };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
