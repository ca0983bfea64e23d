import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { InternalError } from '../diagnostics/errors.ts';
import { foldHosts } from '../diagnostics/fold-hosts.ts';
import type { Facts } from '../facts/fact.ts';
import { tidy } from '../json/records.ts';
import type { CheckAction } from '../model/check-types.ts';
import { limitHosts } from '../model/inventory/limit.ts';
import { matchHosts } from '../model/inventory/pattern.ts';
import type { ResolvedHost, ResolvedPlay } from '../model/resolved.ts';
import type { Host, Inventory } from '../model/types.ts';
import { UNKNOWN } from '../template/values.ts';
import { checkBridges } from '../topology/bridge-loops.ts';
import { checkKnown } from './check-known.ts';
import { chosenSteps, hostsOfSteps } from './chosen-steps.ts';
import { jointsOf } from './joints.ts';
import { type ResolvedOverlays, resolveOverlays } from './overlays.ts';
import type { PlayParts } from './play-parts.ts';
import { checkForHost, hostsOfCheck } from './resolve-check.ts';
import { checkInAnyCase, resolveStep } from './resolve-step.ts';
import { lackingFacts } from './scope.ts';
import { StepContexts } from './step-contexts.ts';
import { unknownSecrets } from './unknown-secrets.ts';

export interface ResolvedParts {
  /** If there are errors among the diagnostics, hosts and steps may be missing. */
  readonly hosts: readonly ResolvedHost[];
  readonly checks: ResolvedPlay['checks'];
  readonly overlays: ResolvedOverlays | undefined;
  readonly needsFacts: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Resolves everything available and reports its errors. What an error makes unknown is UNKNOWN from then on, so that
 * one error causes no second. Steps and checks whose hosts are unknown are checked once, for a host of which nothing
 * is known.
 */
export function resolveParts(parts: PlayParts, facts?: ReadonlyMap<string, Facts>): ResolvedParts {
  const { inventory, playbook, leases, lost } = parts;
  const diagnostics: Diagnostic[] = [];
  const { steps, partSteps } = chosenSteps(playbook, parts, lost, diagnostics);
  const { playHosts, chosen } = hostsOfPlay(parts, diagnostics);
  const stepHosts = hostsOfSteps(steps, inventory, lost, diagnostics);
  const overlays = inventory && resolveOverlays({ inventory, playbook, playHosts, leases, lost });
  diagnostics.push(...(overlays?.diagnostics ?? []));
  const contexts = new StepContexts(parts, overlays);
  const names = chosen.map(({ name }) => name);
  const checks = playbook.checks.map((check) => ({
    check,
    among: hostsOfCheck(check, inventory, names, lost, diagnostics),
    hosts: new Map<string, CheckAction>(),
  }));

  for (const step of partSteps) diagnostics.push(...checkInAnyCase(step));
  for (const step of steps) {
    if (chosen.length > 0 && stepHosts.get(step) !== 'unknown') continue;
    diagnostics.push(...resolveStep(step, contexts.ofAnyHost()).diagnostics);
  }

  for (const { check, among } of checks) {
    if (chosen.length > 0 && among !== 'unknown') continue;
    diagnostics.push(...checkForHost(check, contexts.ofAnyHost()).diagnostics);
  }

  let needsFacts = false;
  // Errors of single hosts, such as a missing fact or variable: they name the host.
  const ofHosts: Diagnostic[] = [];
  const kept = { error: 0, warning: 0 };
  const keep = ({ name }: Host, found: readonly Diagnostic[]) => {
    for (const one of found) if (kept[one.severity]++ < mostKept) ofHosts.push({ ...one, hosts: [name] });
  };
  const hosts = chosen.map((host): ResolvedHost => {
    const known = facts?.get(host.name);
    const context = contexts.ofHost(host, known);
    const own = steps.filter((step) => appliesTo(host, stepHosts.get(step)));
    const resolved = own.map((step) => resolveStep(step, context));
    const unresolved = own.filter((_, i) => resolved[i]?.needsFacts);
    for (const step of resolved) keep(host, step.diagnostics);
    needsFacts ||= unresolved.length > 0;
    for (const { check, among, hosts: actions } of checks) {
      if (among === 'unknown' || !among.has(host.name)) continue;
      const { value, diagnostics: found } = checkForHost(check, context);
      keep(host, found);
      if (value === UNKNOWN) needsFacts = true;
      else if (value !== undefined) actions.set(host.name, value);
    }
    const lacking = lackingFacts(known);
    const ofHost = {
      host,
      overlays: overlays?.ofHost.get(host.name) ?? new Map(),
      steps: resolved.flatMap((step) => step.steps),
      ...(unresolved.length === 0 ? {} : tidy({ unresolved, lacking })),
    };
    diagnostics.push(...checkKnown(ofHost, contexts.isLostOverlay));
    return ofHost;
  });
  diagnostics.push(...foldHosts(ofHosts, chosen));
  diagnostics.push(...unknownSecrets(parts), ...checkBridges(jointsOf(hosts)));
  return {
    hosts,
    checks: checks.map(({ check, hosts: actions }) => ({ check, hosts: actions })),
    overlays,
    needsFacts,
    diagnostics,
  };
}

/** The maximum number of errors, and of warnings, that are merged over hosts and steps. */
const mostKept = 100_000;

function appliesTo(host: Host, hosts: ReadonlySet<string> | 'unknown' | undefined): boolean {
  return hosts === undefined || (hosts !== 'unknown' && hosts.has(host.name));
}

/** The playbook's hosts, and those that `limit` selects; both in inventory order. */
function hostsOfPlay(
  { inventory, playbook, limit, only, lost }: PlayParts,
  diagnostics: Diagnostic[],
): { playHosts?: readonly string[]; chosen: readonly Host[] } {
  if (inventory === undefined) return { chosen: [] };
  const known = { hosts: inventory.hosts, groups: inventory.groups, lost };
  const limited = limit === undefined ? undefined : limitHosts(limit, known);
  diagnostics.push(...(limited?.diagnostics ?? []));
  if (playbook.hosts === undefined) return { chosen: [] };
  const matched = matchHosts(playbook.hosts, known, { range: playbook.hostsAt });
  diagnostics.push(...matched.diagnostics);
  const playHosts = matched.value;
  if (playHosts === undefined) return { chosen: [] };
  // With an invalid limit, all hosts are checked.
  const within = only ?? (limited?.value && new Set(limited.value));
  const chosen = within === undefined ? playHosts : playHosts.filter((host) => within.has(host));
  if (chosen.length === 0 && !lost.has('all')) {
    const message =
      playHosts.length === 0
        ? `no host matches '${playbook.hosts}'`
        : `--limit '${limit}' leaves none of the playbook's hosts`;
    diagnostics.push({ severity: 'error', code: 'no-hosts', message, range: playbook.hostsAt });
  }
  return { playHosts, chosen: chosen.map((name) => hostNamed(name, inventory)) };
}

function hostNamed(name: string, inventory: Inventory): Host {
  const host = inventory.hosts.get(name);
  if (host === undefined) throw new InternalError(`the pattern gave ${name}, which is not a host`);
  return host;
}
