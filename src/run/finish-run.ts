import { isArmedStage } from '../changes/stage.ts';
import { clearScript, confirmScript, reopenScript } from '../transaction/host-scripts.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { HostResult } from './events.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { ask } from './patience.ts';
import { noticed, runProgram } from './program-run.ts';
import { askRunState, awaitUndo, expired } from './run-state.ts';
import type { StageIndex } from './stage-item.ts';
import { troubleOf } from './trouble.ts';

export interface FinishHost {
  readonly target: HostTarget;
  readonly stages: readonly StageIndex[];
}

export interface FinishOptions extends FleetOptions {
  readonly run: string;
  readonly token: string;
  /** Whether a host that has undone the run itself gets it again. */
  readonly again: boolean;
}

/** Confirms a run on hosts that are still armed, over new connections. */
export async function finishRun(
  hosts: readonly FinishHost[],
  options: FinishOptions,
): Promise<Map<string, HostResult>> {
  const results = await inParallel(hosts, options.forks, async (host): Promise<[string, HostResult]> => {
    const { name } = host.target;
    try {
      return [name, await finishHost(host, options)];
    } catch (error) {
      const trouble = troubleOf(error);
      options.emit({ type: 'trouble', host: name, trouble });
      return [name, { outcome: 'in-doubt', changes: 0, trouble }];
    }
  });
  return new Map(results);
}

/**
 * Removes what a finished run has left pending on hosts that could not be told. Returns the result of hosts that had
 * something, or that are unreachable.
 */
export async function clearRun(
  targets: readonly HostTarget[],
  { run, transport, forks, signal, emit }: Omit<FinishOptions, 'token' | 'again'>,
): Promise<Map<string, HostResult>> {
  const results = await inParallel(targets, forks, async (target): Promise<[string, HostResult][]> => {
    const host = target.name;
    try {
      const connection = await transport.connect(target, { signal });
      try {
        const said = await ask({ target, transport, emit, connection }, clearScript(run).text);
        if (said.trim() !== 'cleared') return [];
        emit({ type: 'notice', host, message: `what run ${run} had left here is cleared away` });
        return [[host, { outcome: 'not-started', changes: 0 }]];
      } finally {
        connection.close();
      }
    } catch (error) {
      const trouble = troubleOf(error);
      emit({ type: 'trouble', host, trouble });
      return [[host, { outcome: 'unreachable', changes: 0, trouble }]];
    }
  });
  return new Map(results.flat());
}

async function finishHost({ target, stages }: FinishHost, options: FinishOptions): Promise<HostResult> {
  const { run, token, transport, emit } = options;
  const connection = await transport.connect(target, { signal: options.signal });
  const host = { target, run, transport, emit, connection };
  try {
    emit({ type: 'phase', host: target.name, phase: 'confirm', state: 'begin' });
    let changes = 0;
    let notices: readonly string[] = [];
    if ((await askRunState(host, run)).state === 'undone') {
      const report = await awaitUndo(host, run);
      const main = stages.find(({ name }) => isArmedStage(name));
      // Only what a host did by itself is repeated.
      const ownDoing = report !== undefined && report.by !== 'asked';
      if (!ownDoing || main === undefined) return { ...expired(report), changes };
      if (Object.values(main.items).some(({ takes }) => takes))
        return {
          ...expired(report, 'apply the playbook again: a step takes a value of another host'),
          changes,
        };
      if (!options.again) return { ...expired(report, `meshbook recover ${run} applies it again`), changes };
      await ask(host, reopenScript(run).text);
      const result = await runProgram(host, main, 'apply');
      changes = result.completed;
      notices = result.notices;
      if (result.trouble !== undefined) return { outcome: 'in-doubt', changes, trouble: result.trouble };
    }
    const answer = await ask(host, confirmScript(run, token).text);
    if (answer.trim() === 'confirmed') return { outcome: 'changed', changes, ...noticed(notices) };
    return { ...expired(await awaitUndo(host, run)), changes };
  } finally {
    emit({ type: 'phase', host: target.name, phase: 'confirm', state: 'end' });
    host.connection.close();
  }
}
