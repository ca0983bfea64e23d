import { RunError } from '../diagnostics/errors.ts';
import { planHost, queriesOf } from '../plan/plan-host.ts';
import { samePlan } from '../plan/same-plan.ts';
import { controlProgram } from '../transaction/control.ts';
import { EventReader } from '../transaction/events.ts';
import { forgetScript, prepareScript } from '../transaction/host-scripts.ts';
import { compileProgram } from '../transaction/program.ts';
import type { Stage } from '../transaction/stage.ts';
import { awaitFree, pause } from './lock.ts';
import { inParallel } from './parallel.ts';
import { ask } from './patience.ts';
import { each, fail, stopped } from './phase.ts';
import { probeAndThen } from './probe.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { troubleOf } from './trouble.ts';

/** An armed host undoes after this many seconds without a confirm in any case. */
const hardCap = 3600;

/**
 * Prepares every host. One that another run has locked is waited for up to `wait`; meanwhile the others are unlocked,
 * so that two runs never wait for each other.
 */
export async function prepareAll(stages: ReadonlyMap<Progress, Stage>, options: ApplyOptions): Promise<void> {
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

/** Probes again, so that changes since the plan was shown stop the run, and stores the stage's program. */
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
  // The host is armed only then.
  if (!events.some((event) => event.type === 'end' && event.outcome === 'ok'))
    throw new RunError('protocol', "the host doesn't say that it has saved what undo needs", {
      hint: 'check for free space on /var/lib/meshbook',
    });
}
