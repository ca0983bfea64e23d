import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import { Journal, type LeftHost, newRunId } from '../journal/journal.ts';
import type { RunRecord } from '../journal/record.ts';
import { limitHosts } from '../model/limit.ts';
import type { Inventory } from '../model/types.ts';
import { partJson } from '../report/part-text.ts';
import { undoText } from '../report/undo-text.ts';
import type { Emit, HostResult, RunEvent } from '../run/events.ts';
import type { StageIndex } from '../run/program-run.ts';
import { exitCodeOf } from '../run/trouble.ts';
import { closeUndo, type OpenUndo, openUndo, type UndoFleet, type UndoHost, undoFleet } from '../run/undo.ts';
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
  readonly force?: boolean;
  readonly json?: boolean;
  /** Seconds for which hosts that another run holds are waited for. */
  readonly wait?: number;
  readonly stateDir: string;
}

/**
 * `meshbook undo`: looks at the hosts, shows what it will take back and what not, asks, and lets each host do it.
 * Needs no inventory.
 */
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
  if (hosts.length === 0) {
    if (!options.json) io.out(undoText(record.id, [], { ...io.terminal, packages, force: false }));
    return exitCodes.done;
  }

  const transport = transportFor(options, io);
  const force = options.force ?? false;
  const how = {
    run: record.id,
    packages,
    force,
    kept: journal.kept(record.id),
    later: journal.later(record),
    transport,
    forks: options.forks,
    signal: io.signal,
    ...(options.wait === undefined ? {} : { wait: options.wait }),
  };
  try {
    const fleet = await watched(options, record.steps, io, (emit) => openUndo(hosts, { ...how, emit }));
    try {
      const shown = fleet.hosts.map(({ host: { target, stages }, plan }) => ({ target, stages, plan }));
      if (!options.json && shown.length > 0)
        io.out(undoText(record.id, shown, { ...io.terminal, packages, force }));
      if (fleet.hosts.length > 0) await mustAgree('Undo this run?', options, io);
      return await watched(options, record.steps, io, (emit) =>
        takeBack(
          { record, fleet, journal, packages },
          (own) => undoFleet(fleet, { ...how, emit: own }),
          io,
          emit,
        ),
      );
    } finally {
      closeUndo(fleet);
    }
  } finally {
    transport.close();
  }
}

interface Work {
  readonly record: RunRecord;
  readonly fleet: UndoFleet;
  readonly journal: Journal;
  readonly packages: boolean;
}

async function takeBack(
  { record, fleet, journal, packages }: Work,
  work: (emit: Emit) => Promise<Map<string, HostResult>>,
  io: Io,
  report: Emit,
): Promise<number> {
  const run = newRunId();
  const targets = Object.values(record.hosts).map(({ target }) => target);
  const own = journal.start(
    { id: run, verb: 'undo', undoes: record.id, playName: record.playName, steps: record.steps },
    targets.filter(
      ({ name }) => fleet.failed.has(name) || fleet.hosts.some(({ host }) => host.target.name === name),
    ),
  );
  const emit = (event: RunEvent) => {
    own.event(event);
    report(event);
  };
  const names = [...fleet.hosts.map(({ host }) => host.target.name), ...fleet.failed.keys()];
  emit({ type: 'run-started', run, verb: 'undo', hosts: names });
  for (const event of conflictEvents(fleet)) emit(event);
  for (const name of ['main', 'packages'] as const) own.stages(stagesNamed(name, fleet.hosts, packages));
  const results = await work(emit);
  const exitCode = exitCodeOf(results.values(), io.signal.aborted);
  own.finish(results, exitCode);
  emit({ type: 'run-finished', run, undoes: record.id, exitCode, results: Object.fromEntries(results) });
  return exitCode;
}

function conflictEvents({ hosts }: UndoFleet): RunEvent[] {
  return hosts.flatMap(({ host: { target, stages }, plan }) => {
    const items = stages.find(({ name }) => name === 'main')?.items ?? {};
    return plan.items.flatMap(({ id, conflicts }) =>
      conflicts.map(
        (conflict): RunEvent => ({
          type: 'conflict',
          host: target.name,
          id,
          summary: items[id]?.summary ?? '',
          ...conflict,
          before: partJson(conflict.before),
          after: partJson(conflict.after),
          ...(conflict.now === undefined ? {} : { now: partJson(conflict.now) }),
        }),
      ),
    );
  });
}

/** The stages of one name that are taken back. */
function stagesNamed(
  wanted: StageName,
  hosts: readonly OpenUndo[],
  packages: boolean,
): ReadonlyMap<string, StageIndex> {
  if (wanted === 'packages' && !packages) return new Map();
  return new Map(
    hosts.flatMap(({ host, stages }) =>
      stages.flatMap((stage) => (stage.name === wanted ? [[host.target.name, stage] as const] : [])),
    ),
  );
}

function hostsToUndo(left: readonly LeftHost[], { limit }: UndoOptions): readonly UndoHost[] {
  if (limit === undefined) return left;
  const names = left.map(({ target }) => target.name);
  const { value, diagnostics } = limitHosts(limit, {
    hosts: new Map(names.map((name) => [name, {}])),
    groups: new Map([['all', { hosts: names }]]),
  } as unknown as Inventory);
  if (value === undefined) throw new InvalidInput(diagnostics);
  return left.filter(({ target }) => value.includes(target.name));
}
