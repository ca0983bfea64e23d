import { isArmedStage, stageNames } from '../changes/stage.ts';
import { RunError } from '../diagnostics/errors.ts';
import { allEffects } from '../plan/host-plan.ts';
import { keepStage } from '../plan/kept-stage.ts';
import { planHost, queriesOf } from '../plan/plan-host.ts';
import { sameIntent, samePlan } from '../plan/same-plan.ts';
import { controlProgram } from '../transaction/control.ts';
import { EventReader } from '../transaction/events.ts';
import { forgetScript, prepareScript, stopScript } from '../transaction/host-scripts.ts';
import { compileProgram } from '../transaction/program.ts';
import { type Stage, stagedEffects, stagesOf } from '../transaction/stage.ts';
import { troubleOfChecks } from './check-run.ts';
import { concludeRun } from './conclude.ts';
import type { HostResult, Trouble } from './events.ts';
import { startHeartbeat } from './heartbeat.ts';
import { awaitFree, pause } from './lock.ts';
import type { FleetHost } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { ask, patiently, reconnect } from './patience.ts';
import { probeAndThen } from './probe.ts';
import { noticed, runProgram, staying } from './program-run.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { stageIndex } from './stage-index.ts';
import { troubleOf } from './trouble.ts';
import { verifyHost } from './verify.ts';

/** Whatever happens, an armed host undoes after this many seconds without a confirm. */
const hardCap = 3600;

/**
 * Carries out the plans of all hosts at once, stage by stage: every host is prepared and armed before any is
 * changed, every host is verified over a new connection, and only when all are is any of them confirmed. `onFailure`
 * says who is undone when a host fails; where that is everybody, the others stop after the change they are at. Hosts
 * without changes are left alone.
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
    if (allEffects(planned.plan).length === 0) results.set(host.name, { outcome: 'unchanged', changes: 0 });
    else active.push(begin(planned, halt, options));
  }
  const stopHeartbeat = startHeartbeat(() => active.filter(isArmed), options.confirmTimeout);
  try {
    await throughStages(active, options);
    if (!stopped(active, options)) await check(hosts, active, options);
    options.signal.removeEventListener('abort', onAbort);
    await concludeRun(active, stopped(active, options), options);
  } finally {
    // Hosts that nobody speaks for any more are to take the run back in time.
    stopHeartbeat();
    options.signal.removeEventListener('abort', onAbort);
  }
  for (const progress of active) {
    const { target, notRun, armedUntil, trouble, notices } = progress;
    const ended = progress.outcome ?? 'changed';
    const changes = ended === 'undone' ? progress.undoable : progress.changes;
    results.set(target.name, {
      // All there was to do were commands that did not run.
      outcome: ended === 'changed' && changes === 0 ? 'unchanged' : ended,
      changes,
      ...(notRun.length === 0 ? {} : { notRun }),
      ...(ended === 'undone' ? staying(progress.stays) : {}),
      ...(armedUntil === undefined ? {} : { armedUntil }),
      ...(trouble === undefined ? {} : { trouble }),
      ...noticed(notices),
    });
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
    facts: planned.facts,
    begun: [],
    changes: 0,
    notRun: [],
    undoable: 0,
    stays: [],
    notices: [],
  };
}

/** Armed from its preparation on until its outcome is known. */
function isArmed({ begun, outcome }: Progress): boolean {
  return outcome === undefined && begun.some(({ name }) => isArmedStage(name));
}

async function throughStages(active: readonly Progress[], options: ApplyOptions): Promise<void> {
  for (const name of stageNames) {
    const stages = new Map<Progress, Stage>();
    // After packages were installed the rest is planned again, so stages are worked out one at a time.
    for (const progress of active) {
      const stage = stagesOf(progress.plan).find((s) => s.name === name);
      if (stage !== undefined) stages.set(progress, stage);
    }
    const hosts = [...stages.keys()];
    options.record(
      new Map(
        [...stages].map(([{ target, planned }, stage]) => [
          target.name,
          stageIndex(stage, planned.resolved.steps),
        ]),
      ),
      new Map(
        isArmedStage(name)
          ? [...stages].map(([{ target, facts }, stage]) => [
              target.name,
              keepStage(stagedEffects(stage), facts),
            ])
          : [],
      ),
    );
    await prepareAll(stages, options);
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

/**
 * Prepares every host. One that another run holds is waited for as long as `wait` says; meanwhile the others are let go
 * of, so that two runs never wait for each other.
 */
async function prepareAll(stages: ReadonlyMap<Progress, Stage>, options: ApplyOptions): Promise<void> {
  const hosts = [...stages.keys()];
  const until = Date.now() + (options.wait ?? 0) * 1000;
  while (true) {
    const locked = new Map<Progress, RunError>();
    await each(hosts, options, 'prepare', async (progress) => {
      try {
        await prepare(progress, stages.get(progress) as Stage, options);
      } catch (error) {
        if (!(error instanceof RunError && error.code === 'locked')) throw error;
        locked.set(progress, error);
      }
    });
    if (locked.size === 0) return;
    if (Date.now() >= until || stopped(hosts, options) || hosts.some(({ begun }) => begun.length > 0)) {
      for (const [progress, error] of locked) fail(progress, troubleOf(error), options);
      return;
    }
    await inParallel(hosts, options.forks, (progress) => ask(progress, forgetScript(options.run).text));
    await inParallel([...locked.keys()], options.forks, ({ target, connection }) =>
      awaitFree(target.name, connection, until, options, [options.run]),
    );
    await pause();
  }
}

/** Probes again, so that what changed since the plan was shown stops the run, and stores the stage's program. */
async function prepare(progress: Progress, stage: Stage, options: ApplyOptions): Promise<void> {
  const { target, planned } = progress;
  const title = `meshbook run ${options.run}, host ${target.name}, stage ${stage.name}`;
  const ids = [...stage.changes, ...stage.settles].map(({ id }) => id);
  const { holder, token, confirmTimeout } = options;
  const control = controlProgram({ holder, confirmTimeout, hardCap });
  const store = prepareScript(options.run, stage.name, compileProgram(stage, title), ids, { control, token });
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
      hint: 'review the plan again: meshbook plan',
    });
  }
  const events = new EventReader(ids.length).push(rest);
  for (const event of events) {
    if (event.type === 'failed')
      throw new RunError('command-failed', `cannot save what undo needs: ${event.output}`);
  }
  // Only then the host is armed.
  if (!events.some((event) => event.type === 'end' && event.outcome === 'ok'))
    throw new RunError('protocol', "the host doesn't say that it has saved what undo needs", {
      hint: 'check for free space on /var/lib/meshbook',
    });
}

async function apply(
  progress: Progress,
  stage: Stage,
  active: readonly Progress[],
  options: ApplyOptions,
): Promise<void> {
  if (stopped(active, options)) return;
  const index = stageIndex(stage, progress.planned.resolved.steps);
  progress.begun.push(index);
  const stop = () => void progress.connection.run(stopScript(options.run, stage.name).text).catch(() => {});
  progress.halt.signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await runProgram(progress, index, 'apply');
    progress.changes += result.completed;
    progress.notRun.push(...result.notRun);
    progress.notices = [...progress.notices, ...result.notices];
    progress.applied = isArmedStage(stage.name);
    if (progress.applied) [progress.undoable, progress.stays] = [result.undoable, result.stays];
    if (result.trouble !== undefined) fail(progress, result.trouble, options);
  } finally {
    progress.halt.signal.removeEventListener('abort', stop);
  }
  if (!isArmedStage(stage.name) && progress.trouble === undefined) await planAgain(progress);
}

/** What was done early, such as packages, brings files and services; what remains to do must still be what was reviewed. */
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
  progress.facts = facts;
}

/** Over a new connection: that one can be made is what is verified first. */
async function verify(progress: Progress, options: ApplyOptions): Promise<void> {
  await reconnect(progress);
  await patiently(progress, () => verifyHost(progress.connection, progress.planned.resolved, options.run));
}

/** What must hold between hosts, those without changes included. */
async function check(
  hosts: readonly FleetHost[],
  active: readonly Progress[],
  options: ApplyOptions,
): Promise<void> {
  const troubles = await troubleOfChecks(hosts, active, options);
  if (options.signal.aborted) return;
  for (const [host, trouble] of troubles) {
    // A host without changes has nothing to undo: the run as a whole has failed then.
    const blamed = active.find(({ target }) => target.name === host) ?? active[0];
    if (blamed !== undefined) fail(blamed, trouble, options);
  }
}
