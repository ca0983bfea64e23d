import { exitCodes, RunError } from '../diagnostics/errors.ts';
import { Journal } from '../journal/journal.ts';
import type { RunRecord } from '../journal/record.ts';
import { tidy } from '../json/records.ts';
import type { HostResult } from '../run/events.ts';
import { clearRun, type FinishHost, finishRun } from '../run/finish-run.ts';
import { exitCodeOf } from '../run/trouble.ts';
import type { Io } from './output/io.ts';
import { watched } from './output/watched.ts';
import { transportFor } from './play/open-play.ts';
import type { ConnectOptions } from './play/options.ts';
import { undo } from './undo.ts';

export interface FinishOptions extends ConnectOptions {
  readonly stateDir: string;
  readonly json?: boolean;
}

/** `meshbook confirm RUN`: armed hosts keep their changes. */
export function confirm(run: string, options: FinishOptions, io: Io): Promise<number> {
  return finish(run, false, options, io);
}

/**
 * `meshbook recover RUN`: completes what a controller that died had decided. If it had decided to confirm, hosts that
 * are still armed are confirmed, and those that have undone themselves get the run again. Otherwise, and on hosts for
 * which that was decided, the run is undone.
 */
export async function recover(run: string, options: FinishOptions, io: Io): Promise<number> {
  const journal = new Journal(options.stateDir);
  const record = journal.read(run);
  const { id } = record;
  if (record.decision !== 'confirm') {
    const cleared = await clear(record, journal, options, io);
    return Math.max(cleared, await undo(id, { ...options, ...decided }, io));
  }
  const finished = await finish(id, true, options, io);
  const back = journal.leftToUndo(record).filter(({ decision }) => decision === 'undo');
  if (back.length === 0) return finished;
  const limit = back.map(({ target }) => target.name).join(',');
  return Math.max(finished, await undo(id, { ...options, ...decided, limit }, io));
}

/** A host may still hold a finished run as pending, with nothing left to undo, if it could not be told in time. */
async function clear(record: RunRecord, journal: Journal, options: FinishOptions, io: Io): Promise<number> {
  const left = new Set(journal.leftToUndo(record).map(({ target }) => target.name));
  const targets = Object.values(record.hosts)
    .filter(({ target, stages, forgotten }) => stages.length > 0 && !forgotten && !left.has(target.name))
    .map(({ target }) => target);
  if (record.verb !== 'apply' || record.finishedAt === undefined || targets.length === 0)
    return exitCodes.done;
  const transport = transportFor(options, io);
  try {
    return await watched(options, record.steps, io, async (emit) => {
      const { forks } = options;
      const how = { run: record.id, transport, forks, signal: io.signal, emit };
      return exitCodeOf((await clearRun(targets, how)).values(), io.signal.aborted);
    });
  } finally {
    transport.close();
  }
}

/** Asks nothing again, and waits for no host. */
const decided = { yes: true, skipUnreachable: true };

async function finish(run: string, again: boolean, options: FinishOptions, io: Io): Promise<number> {
  const runs = new Journal(options.stateDir);
  const record = runs.read(run);
  const { id } = record;
  const hosts: FinishHost[] = Object.values(record.hosts).filter(
    ({ stages, decision, forgotten }) => stages.length > 0 && decision !== 'undo' && forgotten === undefined,
  );
  if (record.verb !== 'apply' || hosts.length === 0) {
    throw new RunError('state', `run ${id} has changed no host`, { hint: 'meshbook runs lists the runs' });
  }
  if (record.decision === 'undo') {
    throw new RunError('state', `run ${id} was decided to be undone`, { hint: `meshbook recover ${id}` });
  }
  const journal = runs.resume(id);
  journal.decide('confirm');
  const transport = transportFor(options, io);
  try {
    return await watched(options, record.steps, io, async (report) => {
      const emit: typeof report = (event) => {
        journal.event(event);
        report(event);
      };
      const { forks } = options;
      const finished = await finishRun(hosts, {
        run: id,
        token: runs.token(id),
        again,
        transport,
        forks,
        signal: io.signal,
        emit,
      });
      const results = new Map(
        [...finished].map(([host, result]) => [host, withChanges(result, record.hosts[host]?.result)]),
      );
      const exitCode = exitCodeOf(results.values(), io.signal.aborted);
      journal.finish(results, exitCode);
      emit({ type: 'run-finished', run: id, exitCode, results: Object.fromEntries(results) });
      return exitCode;
    });
  } finally {
    transport.close();
  }
}

/** A confirm makes no changes: those that the run had made there count. */
export function withChanges(result: HostResult, before: HostResult | undefined): HostResult {
  if (result.changes > 0 || before === undefined || result.outcome !== 'changed') return result;
  const { changes, notRun } = before;
  return tidy({ ...result, changes, notRun });
}
