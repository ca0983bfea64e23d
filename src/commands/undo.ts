import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import { Journal, newRunId } from '../journal/journal.ts';
import type { HostRecord } from '../journal/record.ts';
import { limitHosts } from '../model/limit.ts';
import type { Inventory } from '../model/types.ts';
import { undoText } from '../report/undo-text.ts';
import type { RunEvent } from '../run/events.ts';
import type { StageIndex } from '../run/program-run.ts';
import { exitCodeOf } from '../run/trouble.ts';
import { type UndoHost, undoFleet } from '../run/undo.ts';
import type { StageName } from '../transaction/stage.ts';
import type { Io } from './io.ts';
import { mustAgree } from './must-agree.ts';
import { transportFor } from './open-play.ts';
import type { ConnectOptions } from './options.ts';
import { watched } from './watched.ts';

export interface UndoOptions extends ConnectOptions {
  readonly last?: boolean;
  readonly yes?: boolean;
  readonly limit?: string;
  readonly packages?: boolean;
  readonly json?: boolean;
  readonly stateDir: string;
}

/** `meshbook undo`: shows what it will take back, asks, and lets each host do it. Needs no inventory. */
export async function undo(id: string | undefined, options: UndoOptions, io: Io): Promise<number> {
  if ((id === undefined) !== (options.last ?? false)) {
    throw new InvalidInput([
      {
        severity: 'error',
        code: 'which-run',
        message: 'name the run to undo, or give --last',
        hint: 'meshbook runs lists the runs',
      },
    ]);
  }
  const journal = new Journal(options.stateDir);
  const packages = options.packages ?? false;
  const record = id === undefined ? journal.last(packages) : journal.read(id);
  const hosts = hostsToUndo(journal.leftToUndo(record, packages), options);
  if (!options.json) io.out(undoText(record.id, hosts, { ...io.terminal, packages }));
  if (hosts.length === 0) return exitCodes.done;
  await mustAgree('Undo this run?', options, io);

  const transport = transportFor(options, io);
  try {
    return await watched(options, record.steps, io, async (report) => {
      const run = newRunId();
      const own = journal.start(
        { id: run, verb: 'undo', undoes: record.id, playName: record.playName, steps: record.steps },
        hosts.map(({ target }) => target),
      );
      const emit = (event: RunEvent) => {
        own.event(event);
        report(event);
      };
      emit({ type: 'run-started', run, verb: 'undo', hosts: hosts.map(({ target }) => target.name) });
      for (const name of ['main', 'packages'] as const) own.stages(stagesNamed(name, hosts, packages));
      const results = await undoFleet(hosts, {
        run: record.id,
        packages,
        transport,
        forks: options.forks,
        signal: io.signal,
        emit,
      });
      const exitCode = exitCodeOf(results.values(), io.signal.aborted);
      own.finish(results, exitCode);
      emit({ type: 'run-finished', run, undoes: record.id, exitCode, results: Object.fromEntries(results) });
      return exitCode;
    });
  } finally {
    transport.close();
  }
}

/** The stages of one name that are taken back. */
function stagesNamed(
  wanted: StageName,
  hosts: readonly UndoHost[],
  packages: boolean,
): ReadonlyMap<string, StageIndex> {
  if (wanted === 'packages' && !packages) return new Map();
  return new Map(
    hosts.flatMap(({ target, stages }) =>
      stages.flatMap((stage) => (stage.name === wanted ? [[target.name, stage] as const] : [])),
    ),
  );
}

function hostsToUndo(left: readonly HostRecord[], { limit }: UndoOptions): readonly UndoHost[] {
  if (limit === undefined) return left;
  const names = left.map(({ target }) => target.name);
  const { value, diagnostics } = limitHosts(limit, {
    hosts: new Map(names.map((name) => [name, {}])),
    groups: new Map([['all', { hosts: names }]]),
  } as unknown as Inventory);
  if (value === undefined) throw new InvalidInput(diagnostics);
  return left.filter(({ target }) => value.includes(target.name));
}
