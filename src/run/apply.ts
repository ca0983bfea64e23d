import { RunError } from '../diagnostics/errors.ts';
import type { OnFailure } from '../model/types.ts';
import { changesOf, type HostPlan } from '../plan/host-plan.ts';
import { planHost, queriesOf } from '../plan/plan-host.ts';
import { sameIntent, samePlan } from '../plan/same-plan.ts';
import { EventReader } from '../transaction/events.ts';
import { forgetScript, prepareScript, stopScript } from '../transaction/host-scripts.ts';
import { compileProgram } from '../transaction/program.ts';
import { type Stage, stagesOf } from '../transaction/stage.ts';
import type { HostResult, Outcome, Trouble } from './events.ts';
import type { FleetHost, FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { probeAndThen } from './probe.ts';
import { type HostRun, runProgram, type StageIndex } from './program-run.ts';
import { stageIndex } from './stage-index.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';
import { verifyHost } from './verify.ts';

export interface ApplyOptions extends FleetOptions {
  readonly run: string;
  readonly onFailure: OnFailure;
  /** Told of every host's stage before one is stored anywhere, so that the run can be undone by its record alone. */
  readonly record: (stages: ReadonlyMap<string, StageIndex>) => void;
}

/** One host's way through the run. */
interface Progress extends HostRun {
  /** Ends the run everywhere after the change that each host is at. */
  readonly halt: AbortController;
  readonly planned: FleetHost;
  plan: HostPlan;
  /** Stages whose program was started, in order. */
  readonly begun: StageIndex[];
  changes: number;
  trouble?: Trouble;
  outcome?: Outcome;
}

/**
 * Carries out the plans of all hosts at once, stage by stage: every host is prepared before any is changed, and
 * every host is verified over a new connection. `onFailure` says who is undone when a host fails; where that is
 * everybody, the others stop after the change they are at. Hosts without changes are left alone.
 */
export async function applyFleet(
  hosts: readonly FleetHost[],
  options: ApplyOptions,
): Promise<Map<string, HostResult>> {
  const results = new Map<string, HostResult>();
  const active: Progress[] = [];
  const halt = new AbortController();
  const onAbort = () => halt.abort();
  options.signal.addEventListener('abort', onAbort, { once: true });
  for (const planned of hosts) {
    const { host } = planned.resolved;
    if (changesOf(planned.plan).length === 0) results.set(host.name, { outcome: 'unchanged', changes: 0 });
    else active.push(begin(planned, halt, options));
  }
  await throughStages(active, options);
  options.signal.removeEventListener('abort', onAbort);
  await settleFailures(active, options);
  for (const progress of active) {
    const { target, changes, trouble } = progress;
    const outcome = progress.outcome ?? 'changed';
    results.set(target.name, { outcome, changes, ...(trouble === undefined ? {} : { trouble }) });
    progress.connection.close();
  }
  return results;
}

function begin(planned: FleetHost, halt: AbortController, options: ApplyOptions): Progress {
  const { transport, emit, run } = options;
  return {
    target: planned.resolved.host,
    run,
    transport,
    emit,
    halt,
    connection: planned.connection,
    planned,
    plan: planned.plan,
    begun: [],
    changes: 0,
  };
}

async function throughStages(active: readonly Progress[], options: ApplyOptions): Promise<void> {
  for (const name of ['packages', 'main'] as const) {
    const stages = new Map<Progress, Stage>();
    // After packages were installed the rest is planned again, so stages are worked out one at a time.
    for (const progress of active) {
      const stage = stagesOf(progress.plan).find((s) => s.name === name);
      if (stage !== undefined) stages.set(progress, stage);
    }
    const hosts = [...stages.keys()];
    options.record(new Map([...stages].map(([{ target }, stage]) => [target.name, stageIndex(stage)])));
    await each(hosts, options, 'prepare', (p) => prepare(p, stages.get(p) as Stage, options));
    if (stopped(active, options)) return;
    await each(hosts, options, 'apply', (p) => apply(p, stages.get(p) as Stage, active, options));
    if (stopped(active, options)) return;
  }
  await each(active, options, 'verify', (p) => verify(p, options));
}

async function each(
  hosts: readonly Progress[],
  options: ApplyOptions,
  phase: 'prepare' | 'apply' | 'verify',
  work: (progress: Progress) => Promise<void>,
): Promise<void> {
  await inParallel(hosts, options.forks, async (progress) => {
    const host = progress.target.name;
    options.emit({ type: 'phase', host, phase, state: 'begin' });
    try {
      await work(progress);
    } catch (error) {
      fail(progress, troubleOf(error), options);
    }
    options.emit({ type: 'phase', host, phase, state: 'end' });
  });
}

function fail(progress: Progress, trouble: Trouble, options: ApplyOptions): void {
  progress.trouble ??= trouble;
  if (options.onFailure === 'undo_all') progress.halt.abort();
  options.emit({ type: 'trouble', host: progress.target.name, trouble });
}

function stopped(active: readonly Progress[], options: ApplyOptions): boolean {
  return options.signal.aborted || active.some(({ trouble }) => trouble !== undefined);
}

/** Probes again, so that what changed since the plan was shown stops the run, and stores the stage's program. */
async function prepare(progress: Progress, stage: Stage, options: ApplyOptions): Promise<void> {
  const { target, planned } = progress;
  const title = `meshbook run ${options.run}, host ${target.name}, stage ${stage.name}`;
  const ids = [...stage.changes, ...stage.settles].map(({ id }) => id);
  const store = prepareScript(options.run, stage.name, compileProgram(stage, title), ids);
  const { facts, rest } = await probeAndThen(
    progress.connection,
    target.name,
    queriesOf(planned.resolved),
    store,
  );
  const { plan } = planHost(planned.resolved, facts);
  if (!samePlan(plan, progress.plan)) {
    throw new RunError('state', 'the host has changed since the plan was made', {
      host: target.name,
      hint: 'look at the plan again: meshbook plan',
    });
  }
  for (const event of new EventReader().push(rest)) {
    if (event.type === 'failed')
      throw new RunError('command-failed', `cannot save what undo needs: ${event.output}`);
  }
}

async function apply(
  progress: Progress,
  stage: Stage,
  active: readonly Progress[],
  options: ApplyOptions,
): Promise<void> {
  if (stopped(active, options)) return;
  const index = stageIndex(stage);
  progress.begun.push(index);
  const stop = () => void progress.connection.run(stopScript(options.run, stage.name).text).catch(() => {});
  progress.halt.signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await runProgram(progress, index, 'apply');
    progress.changes += result.completed;
    if (result.trouble !== undefined) fail(progress, result.trouble, options);
  } finally {
    progress.halt.signal.removeEventListener('abort', stop);
  }
  if (stage.name === 'packages' && progress.trouble === undefined) await planAgain(progress);
}

/** Packages bring files and services; what remains to do must still be what was reviewed. */
async function planAgain(progress: Progress): Promise<void> {
  const { resolved } = progress.planned;
  const { facts } = await probeAndThen(
    progress.connection,
    progress.target.name,
    queriesOf(resolved),
    undefined,
  );
  const { plan, diagnostics } = planHost(resolved, facts);
  const problem = diagnostics[0]?.message ?? sameIntent(plan, progress.plan);
  if (problem !== undefined) {
    throw new RunError(
      'state',
      `after its packages were installed, the host's plan isn't the reviewed one: ${problem}`,
      {
        host: progress.target.name,
        hint: 'apply again to review the new plan',
      },
    );
  }
  progress.plan = plan;
}

async function verify(progress: Progress, options: ApplyOptions): Promise<void> {
  const fresh = await options.transport.connect(progress.target);
  progress.connection.close();
  progress.connection = fresh;
  await verifyHost(fresh, progress.planned.resolved);
}

/** Decides what becomes of a run in which something failed, and carries it out. */
async function settleFailures(active: readonly Progress[], options: ApplyOptions): Promise<void> {
  if (!stopped(active, options)) return;
  const undone = active.filter(({ begun, trouble }) => {
    if (begun.length === 0 || options.onFailure === 'keep') return false;
    return options.onFailure === 'undo_all' || trouble !== undefined || options.signal.aborted;
  });
  await inParallel(undone, options.forks, async (progress) => {
    const result = await undoStages(
      progress,
      progress.begun.filter(({ name }) => name !== 'packages'),
    );
    progress.outcome = result.outcome;
    if (result.trouble !== undefined) progress.trouble ??= result.trouble;
  });
  for (const progress of active) {
    if (progress.begun.length === 0) await forget(progress);
    progress.outcome ??=
      progress.begun.length === 0
        ? 'not-started'
        : progress.trouble !== undefined || options.signal.aborted
          ? 'kept'
          : 'changed';
  }
}

/** Nothing was begun: what was stored for it need not stay. A host that can't be asked keeps a harmless folder. */
async function forget({ connection, run }: Progress): Promise<void> {
  await connection.run(forgetScript(run).text, { timeoutMs: 10_000 }).catch(() => {});
}
