import { RunError } from '../diagnostics/errors.ts';
import { storedStagesScript } from '../transaction/host-scripts.ts';
import type { Connection, HostTarget } from '../transport/transport.ts';
import type { HostResult } from './events.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import type { StageIndex } from './program-run.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';

export interface UndoHost {
  readonly target: HostTarget;
  readonly stages: readonly StageIndex[];
  /** How the run ended there, where that is known. */
  readonly result?: HostResult;
}

export interface UndoOptions extends FleetOptions {
  readonly run: string;
  /** Packages that the run installed are removed too. */
  readonly packages: boolean;
}

/** Takes a run back on each host, by the program that the host stored when it was changed. */
export async function undoFleet(
  hosts: readonly UndoHost[],
  options: UndoOptions,
): Promise<Map<string, HostResult>> {
  const { run, transport, emit, forks, packages, signal } = options;
  const results = await inParallel(hosts, forks, async (undoHost): Promise<HostResult> => {
    const { target } = undoHost;
    const host = target.name;
    try {
      emit({ type: 'phase', host, phase: 'connect', state: 'begin' });
      const connection = await transport.connect(target, { signal });
      emit({ type: 'phase', host, phase: 'connect', state: 'end' });
      const progress = { target, run, transport, emit, connection };
      const stages = (await storedStages(connection, run, undoHost)).filter(
        ({ name }) => packages || name !== 'packages',
      );
      const result = await undoStages(progress, stages);
      progress.connection.close();
      return result;
    } catch (error) {
      // Nothing was asked of the host yet.
      if (signal.aborted) return { outcome: 'not-started', changes: 0 };
      const trouble = troubleOf(error);
      emit({ type: 'trouble', host, trouble });
      return { outcome: trouble.code === 'state' ? 'in-doubt' : 'unreachable', changes: 0, trouble };
    }
  });
  return new Map(hosts.map(({ target }, index) => [target.name, results[index] as HostResult]));
}

/**
 * The stages that the host really holds. A stage is recorded before it is stored, so a run that broke off may
 * have stored less, and then has changed nothing there either.
 * @throws RunError when the host was changed and what would undo it is gone.
 */
async function storedStages(
  connection: Connection,
  run: string,
  { target, stages, result }: UndoHost,
): Promise<StageIndex[]> {
  const { stdout } = await connection.run(storedStagesScript(run).text);
  const stored = stages.filter(({ name }) => stdout.split('\n').includes(name));
  if (stored.length < stages.length && result !== undefined && result.changes > 0) {
    throw new RunError('state', `what would undo run ${run} is gone from /var/lib/meshbook/transactions`, {
      host: target.name,
    });
  }
  return stored;
}
