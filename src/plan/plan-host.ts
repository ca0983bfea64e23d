import { type Change, predictAll, primitiveOf } from '../changes/registry.ts';
import { isArmedStage } from '../changes/stage.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { InternalError } from '../diagnostics/errors.ts';
import type { FactQuery, Facts } from '../facts/fact.ts';
import { sshPathFact } from '../facts/ssh-path.ts';
import { type Kind, type Problem, planStep, type View } from '../kinds/define-kind.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedHost, ResolvedStep } from '../model/resolved.ts';
import type { Step } from '../model/types.ts';
import { endedSteps } from './ended-steps.ts';
import { asksGuard, type Earlier, guardCommands, guardQueries, guardsAfter } from './guards.ts';
import { byOrder, type HostPlan, type PlannedStep } from './host-plan.ts';
import { markSshPath, pathAfter } from './ssh-path.ts';

/** A host's plan, and what makes it impossible; it then ends at the step that can't be planned. */
export interface HostPlanning {
  readonly plan: HostPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** The facts after the plan is applied. */
  readonly predicted: Facts;
}

/** The facts needed to plan a host's steps, and SSH's own path. May contain duplicates. */
export function queriesOf(host: ResolvedHost): FactQuery<unknown>[] {
  const asked = stepQueriesOf(host);
  return [...asked, ...guardQueries(asked), sshPathFact];
}

/** The facts that the steps themselves need. May contain duplicates. */
export function stepQueriesOf(host: ResolvedHost): FactQuery<unknown>[] {
  return host.steps.flatMap((step) => [...kindOf(step).facts(step.params, viewOf(host, step))]);
}

/**
 * Plans a host's steps in order, each on the facts that the previous one predicts. Changes on the SSH path are marked.
 * Pure.
 *
 * Commands that run every time are changes like others, so a later guard is unknown; `verify` plans after a run, in
 * which they have already run, and leaves them out.
 */
export function planHost(host: ResolvedHost, facts: Facts, { verify = false } = {}): HostPlanning {
  const planning = planSteps(host, facts, verify, []);
  const { steps } = planning.plan;
  // Stages before the armed one (packages) are done first, whatever the order of the steps.
  const early = steps.flatMap(({ index, name, changes }) =>
    changes
      .filter((change) => !isArmedStage(primitiveOf(change).stage))
      .map((change) => ({ index, step: name, change })),
  );
  if (early.length === 0) return planning;
  const asking = host.steps.find((step) => asksGuard(kindOf(step).facts(step.params, viewOf(host, step))));
  const first = asking?.step.index ?? Number.POSITIVE_INFINITY;
  return early.some(({ index }) => index > first) ? planSteps(host, facts, verify, early) : planning;
}

function planSteps(
  host: ResolvedHost,
  facts: Facts,
  verify: boolean,
  first: readonly Earlier[],
): HostPlanning {
  const steps: PlannedStep[] = [];
  const diagnostics: Diagnostic[] = [];
  let now = facts;
  let path = facts.find(sshPathFact);
  const earlier: Earlier[] = [...first];
  for (const step of host.steps) {
    const kind = kindOf(step);
    const view = viewOf(host, step);
    const queries = kind.facts(step.params, view);
    now = guardsAfter(now, queries, earlier);
    const {
      changes: all,
      settle = [],
      unknowns = [],
      problems = [],
    } = planStep(kind, step.params, now, view);
    const wanted = verify ? all.filter((change) => primitiveOf(change).verifiable(change)) : all;
    const changes: Change[] = [];
    for (const change of wanted) {
      changes.push(path === undefined ? change : markSshPath(change, path));
      path &&= pathAfter(change, path);
      now = primitiveOf(change).predict(change, now);
    }
    now = predictAll(settle, now);
    earlier.push(...[...changes, ...settle].map((change) => ({ step: step.name, change })));
    const secret = (step.secrets ?? []).length > 0 ? { secret: true as const } : {};
    const { index, prune } = step.step;
    const asks = guardCommands(queries);
    steps.push({
      index,
      name: step.name,
      kind: kind.name,
      changes,
      ...(settle.length === 0 ? {} : { settle }),
      unknowns,
      ...(asks.length === 0 ? {} : { asks }),
      ...secret,
      ...(prune ? { prune } : {}),
    });
    const after = now;
    const again = () =>
      host.steps
        .slice(0, steps.length - 1)
        .map((one) => planStep(kindOf(one), one.params, after, viewOf(host, one)));
    for (const [at, reason] of endedSteps(again, { name: step.name, settle })) {
      const ended = steps[at];
      if (ended !== undefined) steps[at] = { ...ended, unknowns: [...ended.unknowns, reason] };
    }
    diagnostics.push(...problems.map((problem) => problemAt(problem, step)));
    // Later steps would be planned on a state that won't exist, and report that.
    if (problems.length > 0) break;
  }
  steps.push(...(host.unresolved ?? []).map((step) => unresolvedStep(step, host.lacking)));
  steps.sort(byOrder);
  return { plan: { host: host.host.name, steps }, diagnostics, predicted: now };
}

/** A kind's errors about a step's params alone, as diagnostics. */
export function checkStep(host: ResolvedHost, step: ResolvedStep): Diagnostic[] {
  const problems = kindOf(step).check?.(step.params, viewOf(host, step)) ?? [];
  return problems.map((problem) => problemAt(problem, step));
}

/** Under its name in the playbook. */
function unresolvedStep({ index, name, kind }: Step, lacking: string | undefined): PlannedStep {
  const why = 'it depends on facts of the host, which are not known';
  return {
    index,
    name,
    kind,
    changes: [],
    unknowns: [lacking === undefined ? why : `${why}: ${lacking}`],
  };
}

function problemAt(problem: Problem, step: ResolvedStep): Diagnostic {
  const path = problem.path ?? [];
  return {
    severity: 'error',
    code: problem.code,
    message: problem.message,
    range: step.step.locate([step.step.kind, ...path], path.length === 0 ? 'key' : 'value'),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  };
}

function kindOf(step: ResolvedStep): Kind {
  const kind = kinds.get(step.step.kind);
  if (kind === undefined) throw new InternalError(`step ${step.name} has the unknown kind ${step.step.kind}`);
  return kind;
}

function viewOf(host: ResolvedHost, step: ResolvedStep): View {
  return {
    host: host.host.name,
    overlays: host.overlays,
    step: step.name,
    ...(host.given === undefined ? {} : { given: host.given }),
    ...(step.step.timeout === undefined ? {} : { timeout: step.step.timeout }),
  };
}
