import type { HostResult } from './events.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import type { StageIndex } from './program-run.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';
import type { HostTarget } from '../transport/transport.ts';

export interface UndoHost {
  readonly target: HostTarget;
  readonly stages: readonly StageIndex[];
}

export interface UndoOptions extends FleetOptions {
  readonly run: string;
  /** Packages that the run installed are removed too. */
  readonly packages: boolean;
}

/** Takes a run back on each host, by the program that the host stored when it was changed. */
export async function undoFleet(hosts: readonly UndoHost[], options: UndoOptions): Promise<Map<string, HostResult>> {
  const { run, transport, emit, forks, packages, signal } = options;
  const results = await inParallel(hosts, forks, async ({ target, stages }): Promise<HostResult> => {
    const host = target.name;
    try {
      emit({ type: 'phase', host, phase: 'connect', state: 'begin' });
      const connection = await transport.connect(target, { signal });
      emit({ type: 'phase', host, phase: 'connect', state: 'end' });
      const progress = { target, run, transport, emit, connection };
      const result = await undoStages(progress, stages, packages ? { MESHBOOK_UNDO_PACKAGES: '1' } : {});
      progress.connection.close();
      return result;
    } catch (error) {
      const trouble = troubleOf(error);
      emit({ type: 'trouble', host, trouble });
      return { outcome: 'unreachable', changes: 0, trouble };
    }
  });
  return new Map(hosts.map(({ target }, index) => [target.name, results[index] as HostResult]));
}
