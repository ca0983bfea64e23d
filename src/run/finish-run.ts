import { RunError } from '../diagnostics/errors.ts';
import { confirmScript, reopenScript, statusScript } from '../transaction/host-scripts.ts';
import { parseStatus } from '../transaction/status.ts';
import type { Connection, HostTarget } from '../transport/transport.ts';
import type { HostResult } from './events.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { runProgram, type StageIndex } from './program-run.ts';
import { troubleOf } from './trouble.ts';

export interface FinishHost {
  readonly target: HostTarget;
  readonly stages: readonly StageIndex[];
}

export interface FinishOptions extends FleetOptions {
  readonly run: string;
  readonly token: string;
  /** Whether a host that has undone the run by itself gets it once more. */
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

async function finishHost({ target, stages }: FinishHost, options: FinishOptions): Promise<HostResult> {
  const { run, token, transport, emit } = options;
  const connection = await transport.connect(target, { signal: options.signal });
  const host = { target, run, transport, emit, connection };
  try {
    emit({ type: 'phase', host: target.name, phase: 'confirm', state: 'begin' });
    const state = await stateOf(connection, run);
    let changes = 0;
    if (state === undefined) throw new RunError('state', `the host knows nothing of run ${run}`);
    if (state === 'undone') {
      const main = stages.find(({ name }) => name === 'main');
      if (!options.again || main === undefined) return expired;
      await must(connection, reopenScript(run).text);
      const result = await runProgram(host, main, 'apply');
      changes = result.completed;
      if (result.trouble !== undefined) return { outcome: 'in-doubt', changes, trouble: result.trouble };
    }
    const answer = await must(host.connection, confirmScript(run, token).text);
    return answer.trim() === 'confirmed' ? { outcome: 'changed', changes } : expired;
  } finally {
    emit({ type: 'phase', host: target.name, phase: 'confirm', state: 'end' });
    host.connection.close();
  }
}

const expired: HostResult = {
  outcome: 'undone',
  changes: 0,
  trouble: {
    code: 'expired',
    message: 'the host had taken everything back before it was confirmed',
    hint: 'meshbook recover RUN applies it once more',
  },
};

async function stateOf(connection: Connection, run: string) {
  const status = parseStatus(await must(connection, statusScript.text));
  return status.find((transaction) => transaction.run === run)?.state;
}

async function must(connection: Connection, script: string): Promise<string> {
  const result = await connection.run(script, { timeoutMs: 30_000 });
  if (result.exitCode === 0) return result.stdout;
  throw new RunError('state', result.stderr.trim().slice(-300) || `status ${result.exitCode}`);
}
