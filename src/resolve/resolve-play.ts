import { type Checked, type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { InternalError } from '../diagnostics/errors.ts';
import { sortDiagnostics } from '../diagnostics/render.ts';
import type { Facts } from '../facts/fact.ts';
import type { LeaseChange, Leases } from '../ipam/leases.ts';
import { limitHosts } from '../model/limit.ts';
import { matchHosts } from '../model/pattern.ts';
import type { ResolvedHost, ResolvedPlay } from '../model/resolved.ts';
import type { Inventory, Playbook } from '../model/types.ts';
import { checkStep } from '../plan/plan-host.ts';
import { chosenSteps, hostsOfSteps, type TagChoice } from './chosen-steps.ts';
import { resolveOverlays } from './overlays.ts';
import { resolveStep } from './resolve-step.ts';
import { builtins } from './scope.ts';

/** Everything that decides what each host's steps are. */
export interface PlayInputs extends TagChoice {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly leases: Leases;
  /** A host pattern that narrows the playbook's hosts. */
  readonly limit?: string;
  /** From the command line; they win over all others. */
  readonly extraVars: Readonly<Record<string, unknown>>;
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
  const { inventory, playbook, extraVars } = inputs;
  const diagnostics: Diagnostic[] = [];
  const { playHosts, chosen } = hostsOfPlay(inputs, diagnostics);
  const steps = chosenSteps(playbook, inputs, diagnostics);
  const stepHosts = hostsOfSteps(steps, inventory, diagnostics);
  const overlays = resolveOverlays(inventory, playbook, playHosts, inputs.leases);
  diagnostics.push(...overlays.diagnostics);
  // With wrong overlays the rest is still looked at, except for what depends on them.
  const overlaysHold = overlays.value !== undefined && !hasErrors(overlays.diagnostics);

  let needsFacts = false;
  const hosts = chosen.map((name): ResolvedHost => {
    const host = inventory.hosts.get(name);
    if (host === undefined) throw new InternalError(`the pattern gave ${name}, which is no host`);
    const own = overlays.value?.ofHost.get(name) ?? new Map();
    const context = {
      host,
      playbook,
      extraVars,
      builtins: builtins(host, overlaysHold ? own : undefined, facts?.get(name)),
    };
    const resolved = steps
      .filter((step) => stepHosts.get(step)?.has(name) ?? true)
      .map((step) => resolveStep(step, context));
    diagnostics.push(...resolved.flatMap((step) => step.diagnostics));
    needsFacts ||= resolved.some((step) => step.needsFacts);
    const ofHost = { host, overlays: own, steps: resolved.flatMap((step) => step.steps) };
    if (overlaysHold) diagnostics.push(...ofHost.steps.flatMap((step) => checkStep(ofHost, step)));
    return ofHost;
  });
  // What is wrong with a playbook is wrong for every host; it is said once.
  const found = sortDiagnostics(diagnostics);
  if (overlays.value === undefined || hasErrors(found)) return { diagnostics: found };
  const { leases, leaseChanges } = overlays.value;
  return { value: { play: { playbook, hosts, needsFacts }, leases, leaseChanges }, diagnostics: found };
}

/** The playbook's hosts, and those of them that `limit` leaves; both in the inventory's order. */
function hostsOfPlay({ inventory, playbook, limit }: PlayInputs, diagnostics: Diagnostic[]) {
  const matched = matchHosts(playbook.hosts, inventory, { range: playbook.hostsAt });
  const limited = limit === undefined ? matched : limitHosts(limit, inventory);
  diagnostics.push(...matched.diagnostics, ...limited.diagnostics);
  const playHosts = matched.value ?? [];
  const within = new Set(limited.value);
  const chosen = playHosts.filter((host) => within.has(host));
  if (chosen.length === 0 && matched.value && limited.value) {
    const message =
      playHosts.length === 0
        ? `no host matches '${playbook.hosts}'`
        : `--limit '${limit}' leaves none of the playbook's hosts`;
    diagnostics.push({ severity: 'error', code: 'no-hosts', message, range: playbook.hostsAt });
  }
  return { playHosts, chosen };
}
