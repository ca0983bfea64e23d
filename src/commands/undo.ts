import { isArmedStage, isUndoneStage, stageNames } from '../changes/stage.ts';
import { exitCodes, InvalidInput, RunError } from '../diagnostics/errors.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { earlierStages } from '../journal/earlier.ts';
import { Journal } from '../journal/journal.ts';
import type { RunRecord } from '../journal/record.ts';
import { newRunId } from '../journal/run-id.ts';
import { tidy } from '../json/records.ts';
import { isNothingLeft, undoText } from '../report/drift/undo-text.ts';
import { partJson } from '../report/text/part-text.ts';
import type { Emit, HostResult, RunEvent } from '../run/events.ts';
import { effectOfItem, type StageIndex } from '../run/stage-item.ts';
import { exitCodeOf } from '../run/trouble.ts';
import { closeUndo, type OpenRun, type OpenUndo, openUndo, type UndoFleet, undoRun } from '../run/undo.ts';
import type { StageName } from '../transaction/stage.ts';
import { mustAgree } from './gates/must-agree.ts';
import { chosenHosts, lastRun, warnForgotten, warnUnreadable } from './gates/skipped-runs.ts';
import type { Io } from './output/io.ts';
import { refuseUndo, stoppedText } from './output/undo-parts.ts';
import { watched } from './output/watched.ts';
import { transportFor } from './play/open-play.ts';
import type { ConnectOptions } from './play/options.ts';

export interface UndoOptions extends ConnectOptions {
  readonly last?: boolean;
  /** A run to keep: all later ones are undone. */
  readonly to?: string;
  readonly yes?: boolean;
  readonly limit?: string;
  readonly skipUnreachable?: boolean;
  readonly packages?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  /** Seconds to wait for hosts that another run has locked. */
  readonly wait?: number;
  readonly stateDir: string;
}

/**
 * `meshbook undo`: reads the hosts, shows what it will undo and what not, asks, and lets each host do it: one run, or
 * with `--to` several, newest first. Needs no inventory. A run that can't be undone everywhere isn't begun anywhere,
 * unless a part was asked for.
 */
export async function undo(id: string | undefined, options: UndoOptions, io: Io): Promise<number> {
  const journal = new Journal(options.stateDir);
  const { packages = false, force = false } = options;
  warnUnreadable(journal, io);
  const to = options.to === undefined ? undefined : journal.read(options.to).id;
  const { asked, chosen } = runsToUndo(id, tidy({ ...options, to }), journal, io);
  for (const record of asked) warnForgotten(record, chosen, io);
  const runs = asked.flatMap((record) => {
    const left = journal.leftToUndo(record, packages).filter(({ target }) => chosen.has(target.name));
    return left.length === 0 ? [] : [{ record, hosts: left }];
  });
  const text = { ...io.terminal, packages, force };
  if (runs.length === 0) {
    if (!options.json) io.out(undoText(to ?? asked[0]?.id ?? '', [], text));
    return exitCodes.done;
  }

  const transport = transportFor(options, io);
  const how = tidy({
    packages,
    force,
    transport,
    forks: options.forks,
    signal: io.signal,
    wait: options.wait,
  });
  const undoOf = ({ record, hosts }: (typeof runs)[number]) => ({
    run: record.id,
    inventory: record.inventory,
    hosts,
    kept: journal.kept(record.id),
    later: journal.later(record),
    earlier: earlierStages(journal, record),
  });
  try {
    const steps = runs[0]?.record.steps ?? [];
    const fleet = await watched(options, steps, io, (emit) => openUndo(runs.map(undoOf), { ...how, emit }));
    try {
      const shown = fleet.runs.filter((run) => run.hosts.length > 0);
      if (!options.json && shown.length > 0) io.out(plansText(shown, to, text));
      const asks = shown.some((run) => !isNothingLeft(run.hosts.map(hostToShow), text));
      const refused = refuseUndo(fleet, options, io);
      if (refused !== undefined) return refused;
      const question = runs.length === 1 ? 'Undo this run?' : `Undo these ${runs.length} runs?`;
      if (asks) await mustAgree(question, options, io);
      const results: HostResult[] = [];
      for (const [i, run] of runs.entries()) {
        // Later runs are read from the record again, since earlier undos may have left something alone.
        const open = { ...(fleet.runs[i] as OpenRun), run: undoOf(run) };
        const work = { record: run.record, open, failed: fleet.failed, journal, packages };
        const ended = await watched(options, run.record.steps, io, (emit) =>
          takeBack(work, (own) => undoRun(open, { ...how, emit: own }), io, emit),
        );
        results.push(...ended);
        const isBack = ended.every(({ outcome }) => outcome === 'undone' || outcome === 'unreachable');
        if (i + 1 < runs.length && (!isBack || io.signal.aborted)) {
          io.err(stoppedText(asked, run.record.id, to ?? ''));
          break;
        }
      }
      return exitCodeOf(results, io.signal.aborted);
    } finally {
      closeUndo(fleet);
    }
  } finally {
    transport.close();
  }
}

/** The requested runs, in the order in which they are undone, and their hosts. */
function runsToUndo(
  id: string | undefined,
  { last = false, to, packages = false, limit }: UndoOptions,
  journal: Journal,
  io: Io,
): { asked: readonly RunRecord[]; chosen: ReadonlySet<string> } {
  const of = (asked: readonly RunRecord[]) => ({ asked, chosen: chosenHosts(asked, limit) });
  if ([id !== undefined, last, to !== undefined].filter(Boolean).length !== 1) {
    throw new InvalidInput([
      {
        severity: 'error',
        code: 'which-run',
        message: 'name the run to undo, or give --last, or with --to the run to go back to',
        hint: 'meshbook runs lists the runs',
      },
    ]);
  }
  if (to !== undefined) return of(journal.after(journal.read(to), packages));
  if (id === undefined) {
    const { run, chosen } = lastRun(journal, packages, limit, io);
    return { asked: [run], chosen };
  }
  const record = journal.read(id);
  if (record.undoes === undefined) return of([record]);
  throw new RunError('state', `run ${record.id} is an undo itself, of run ${record.undoes}`, {
    hint: `meshbook undo ${record.undoes} undoes what is left of that one; to make its changes again, apply again`,
  });
}

function plansText(
  runs: readonly OpenRun[],
  to: string | undefined,
  options: Parameters<typeof undoText>[2],
): string {
  const texts = runs.map(({ run, hosts }) => undoText(run.run, hosts.map(hostToShow), options));
  if (to === undefined) return texts.join('\n');
  return `Back to run ${escapeControl(to)}, which stays. Undone, newest first:\n\n${texts.join('\n')}`;
}

function hostToShow({ host: { target }, stages, plan }: OpenUndo) {
  return { target, stages, plan };
}

interface Work {
  readonly record: RunRecord;
  readonly open: OpenRun;
  readonly failed: UndoFleet['failed'];
  readonly journal: Journal;
  readonly packages: boolean;
}

/** Undoes one run and records that. Returns how each of its hosts ended. */
async function takeBack(
  { record, open: { run: undone, hosts }, failed, journal, packages }: Work,
  work: (emit: Emit) => Promise<Map<string, HostResult>>,
  io: Io,
  report: Emit,
): Promise<HostResult[]> {
  const run = newRunId();
  const targets = undone.hosts.map(({ target }) => target);
  const own = journal.start(
    { id: run, verb: 'undo', undoes: record.id, playName: record.playName, steps: record.steps },
    targets,
  );
  const emit = (event: RunEvent) => {
    own.event(event);
    report(event);
  };
  emit({ type: 'run-started', run, verb: 'undo', hosts: targets.map(({ name }) => name) });
  for (const event of conflictEvents(hosts)) emit(event);
  for (const name of [...stageNames].reverse()) own.stages(stagesNamed(name, hosts, packages));
  const results = await work(emit);
  for (const { name } of targets) {
    const result = failed.get(name);
    if (result !== undefined && !results.has(name)) results.set(name, result);
  }
  const exitCode = exitCodeOf(results.values(), io.signal.aborted);
  own.finish(results, exitCode);
  emit({ type: 'run-finished', run, undoes: record.id, exitCode, results: Object.fromEntries(results) });
  return [...results.values()];
}

function conflictEvents(hosts: readonly OpenUndo[]): RunEvent[] {
  return hosts.flatMap(({ host: { target }, stages, plan }) => {
    const items = stages.find(({ name }) => isArmedStage(name))?.items ?? {};
    return plan.items.flatMap(({ id, conflicts }) =>
      conflicts.map(
        (conflict): RunEvent => ({
          type: 'conflict',
          host: target.name,
          id,
          summary: effectOfItem(items[id] ?? { summary: '' }),
          ...conflict,
          before: partJson(conflict.before),
          after: partJson(conflict.after),
          ...(conflict.now === undefined ? {} : { now: partJson(conflict.now) }),
        }),
      ),
    );
  });
}

/**
 * The requested stages of one name. Includes those that a host never stored because the run broke off earlier: they
 * have nothing left either.
 */
function stagesNamed(
  wanted: StageName,
  hosts: readonly OpenUndo[],
  packages: boolean,
): ReadonlyMap<string, StageIndex> {
  if (!isUndoneStage(wanted, packages)) return new Map();
  return new Map(
    hosts.flatMap(({ host }) =>
      host.stages.flatMap((stage) => (stage.name === wanted ? [[host.target.name, stage] as const] : [])),
    ),
  );
}
