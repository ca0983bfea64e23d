import { type Checked, type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import type { LeaseChange, Leases } from '../ipam/leases.ts';
import { limitHosts } from '../model/limit.ts';
import { matchHosts } from '../model/pattern.ts';
import type { ResolvedHost, ResolvedPlay } from '../model/resolved.ts';
import type { Host, Inventory, Playbook, Step } from '../model/types.ts';
import { checkStep } from '../plan/plan-host.ts';
import { resolveOverlays } from './overlays.ts';
import { resolveStep } from './resolve-step.ts';
import { builtins } from './scope.ts';

/** Everything that decides what each host's steps are. */
export interface PlayInputs {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly leases: Leases;
  /** A host pattern that narrows the playbook's hosts. */
  readonly limit?: string;
  /** From the command line; they win over all others. */
  readonly extraVars: Readonly<Record<string, unknown>>;
  /** Only steps with one of these tags; empty: all. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

export interface Resolution {
  readonly play: ResolvedPlay;
  readonly leases: Leases;
  readonly leaseChanges: readonly LeaseChange[];
}

/**
 * Works out, for every host that the playbook means and `limit` leaves, its overlays and its steps with all
 * templates rendered and all params checked. Pure but for local files that steps name. `facts` are each
 * host's, as templates may use them; without them a step that does is left out and `needsFacts` is set.
 */
export function resolvePlay(inputs: PlayInputs, facts?: ReadonlyMap<string, Facts>): Checked<Resolution> {
  const { inventory, playbook } = inputs;
  const matched = matchHosts(playbook.hosts, inventory, { range: playbook.hostsAt });
  const limited = inputs.limit === undefined ? undefined : limitHosts(inputs.limit, inventory);
  const diagnostics = [...matched.diagnostics, ...(limited?.diagnostics ?? [])];
  const playHosts = matched.value ?? [];
  const overlays = resolveOverlays(inventory, playbook, playHosts, inputs.leases);
  diagnostics.push(...overlays.diagnostics);
  if (overlays.value === undefined || hasErrors(diagnostics)) return { diagnostics };

  const stepHosts = hostsOfSteps(inputs, diagnostics);
  const hosts: ResolvedHost[] = [];
  let needsFacts = false;
  for (const name of limited?.value === undefined ? playHosts : playHosts.filter((host) => limited.value?.includes(host))) {
    const host = inventory.hosts.get(name) as Host;
    const own = overlays.value.ofHost.get(name) ?? new Map();
    const values = builtins(host, own, facts?.get(name));
    const steps = playbook.steps.flatMap((step) => {
      if (!stepHosts.get(step)?.has(name)) return [];
      const resolved = resolveStep(step, host, playbook, inputs.extraVars, values);
      diagnostics.push(...resolved.diagnostics);
      needsFacts ||= resolved.needsFacts;
      return resolved.steps;
    });
    const resolvedHost = { host, overlays: own, steps };
    diagnostics.push(...steps.flatMap((step) => checkStep(resolvedHost, step)));
    hosts.push(resolvedHost);
  }
  const found = unique(diagnostics);
  if (hosts.length === 0) found.push(noHosts(inputs));
  if (hasErrors(found)) return { diagnostics: found };
  const { leases, leaseChanges } = overlays.value;
  return { value: { play: { playbook, hosts, needsFacts }, leases, leaseChanges }, diagnostics: found };
}

/** Which hosts each chosen step is for. */
function hostsOfSteps(inputs: PlayInputs, diagnostics: Diagnostic[]): Map<Step, ReadonlySet<string>> {
  const { inventory, playbook, tags, skipTags } = inputs;
  const everybody = new Set(inventory.hosts.keys());
  const chosen = playbook.steps.filter(
    (step) =>
      (tags.length === 0 || step.tags.some((tag) => tags.includes(tag))) &&
      !step.tags.some((tag) => skipTags.includes(tag)),
  );
  return new Map(
    chosen.map((step) => {
      if (step.hosts === undefined) return [step, everybody];
      const matched = matchHosts(step.hosts, inventory, { range: step.locate(['hosts']) });
      diagnostics.push(...matched.diagnostics);
      return [step, new Set(matched.value)];
    }),
  );
}

function noHosts({ playbook, limit }: PlayInputs): Diagnostic {
  return {
    severity: 'error',
    code: 'no-hosts',
    message: limit === undefined ? `no host matches '${playbook.hosts}'` : `--limit '${limit}' leaves none of the playbook's hosts`,
    range: playbook.hostsAt,
  };
}

/** What is wrong with a playbook is wrong for every host; it is said once. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, message, range }) => {
    const key = `${code}\0${message}\0${range?.source.path}\0${range?.start}`;
    return !seen.has(key) && seen.add(key);
  });
}
