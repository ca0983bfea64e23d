import { isArmedStage, stageNames } from '../changes/stage.ts';
import { RunError } from '../diagnostics/errors.ts';
import { tidy } from '../json/records.ts';
import { allEffects } from '../plan/host-plan.ts';
import { planHost, queriesOf } from '../plan/plan-host.ts';
import { recordStage } from '../plan/recorded-stage.ts';
import { sameIntent } from '../plan/same-plan.ts';
import type { HostEvent } from '../transaction/events.ts';
import { stopScript } from '../transaction/host-scripts.ts';
import { type Stage, stagedEffects, stagesOf } from '../transaction/stage.ts';
import { troubleOfChecks } from './check-run.ts';
import { concludeRun } from './conclude.ts';
import type { HostResult } from './events.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { FleetHost } from './open-fleet.ts';
import { reconnect, withRetry } from './patience.ts';
import { each, fail, stopped } from './phase.ts';
import { prepareAll } from './prepare.ts';
import { probeAndThen } from './probe.ts';
import { noticed, runProgram, staying } from './program-run.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { stageIndex } from './stage-index.ts';
import { ValueExchange } from './value-exchange.ts';
import { verifyHost } from './verify.ts';

/**
 * Carries out the plans of all hosts in parallel, stage by stage: every host is prepared and armed before any is
 * changed, every host is verified over a new connection, and only when all are is any of them confirmed. `onFailure`
 * says which hosts are undone when one fails; if it is all, the others stop after their present change. Hosts without
 * changes are left alone.
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
    await throughStages(hosts, active, options);
    if (!stopped(active, options)) await check(hosts, active, options);
    options.signal.removeEventListener('abort', onAbort);
    await concludeRun(active, stopped(active, options), options);
  } finally {
    // Hosts whose deadlines are no longer extended should undo the run in time.
    stopHeartbeat();
    options.signal.removeEventListener('abort', onAbort);
  }
  for (const progress of active) {
    const { target, notRun, armedUntil, trouble, notices } = progress;
    const ended = progress.outcome ?? 'changed';
    const changes = ended === 'undone' ? progress.undoable : progress.changes;
    results.set(target.name, {
      // The only changes were commands that did not run.
      outcome: ended === 'changed' && changes === 0 ? 'unchanged' : ended,
      changes,
      ...(notRun.length === 0 ? {} : { notRun }),
      ...(ended === 'undone' ? staying(progress.stays) : {}),
      ...tidy({ armedUntil, trouble }),
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

/** Armed from its preparation until its outcome is known. */
function isArmed({ begun, outcome }: Progress): boolean {
  return outcome === undefined && begun.some(({ name }) => isArmedStage(name));
}

async function throughStages(
  fleet: readonly FleetHost[],
  active: readonly Progress[],
  options: ApplyOptions,
): Promise<void> {
  for (const name of stageNames) {
    const stages = new Map<Progress, Stage>();
    // After packages were installed the rest is planned again, so stages are computed one at a time.
    for (const progress of active) {
      const stage = stagesOf(progress.plan).find((s) => s.name === name);
      if (stage !== undefined) stages.set(progress, stage);
    }
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
              recordStage(stagedEffects(stage), facts),
            ])
          : [],
      ),
    );
    await prepareAll(stages, options);
    if (stopped(active, options)) return;
    const exchange = new ValueExchange(stages, fleet, (taker, trouble) => fail(taker, trouble, options));
    const forks = Math.max(options.forks, exchange.atOnce);
    await each(exchange.inOrder(), { ...options, forks }, 'apply', (p) =>
      apply(p, stages.get(p) as Stage, { active, exchange }, options).finally(() => exchange.ended(p)),
    );
    if (stopped(active, options)) return;
  }
  await each(active, options, 'verify', (p) => verify(p, options));
}

async function apply(
  progress: Progress,
  stage: Stage,
  { active, exchange }: { readonly active: readonly Progress[]; readonly exchange: ValueExchange },
  options: ApplyOptions,
): Promise<void> {
  if (stopped(active, options)) return;
  const index = stageIndex(stage, progress.planned.resolved.steps);
  progress.begun.push(index);
  const stop = () => void progress.connection.run(stopScript(options.run, stage.name).text).catch(() => {});
  progress.halt.signal.addEventListener('abort', stop, { once: true });
  try {
    const watch = (event: HostEvent) => exchange.heard(progress, event);
    const result = await runProgram(progress, index, 'apply', { watch });
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

/** An earlier stage, such as packages, brings files and services; what is left to do must still be as reviewed. */
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

/** Over a new connection: the first thing to verify is that one can be made. */
async function verify(progress: Progress, options: ApplyOptions): Promise<void> {
  await reconnect(progress);
  await withRetry(progress, () => verifyHost(progress.connection, progress.planned.resolved, options.run));
}

/** What must hold between hosts, including those without changes. */
async function check(
  hosts: readonly FleetHost[],
  active: readonly Progress[],
  options: ApplyOptions,
): Promise<void> {
  const troubles = await troubleOfChecks(hosts, active, options);
  if (options.signal.aborted) return;
  for (const [host, trouble] of troubles) {
    // A host without changes has nothing to undo, so the run as a whole has failed.
    const blamed = active.find(({ target }) => target.name === host) ?? active[0];
    if (blamed !== undefined) fail(blamed, trouble, options);
  }
}
