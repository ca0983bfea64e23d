import type { Part } from '../changes/change.ts';
import { RunError } from '../diagnostics/errors.ts';
import { osFact } from '../facts/os.ts';
import { onlyLeft, type RecordedStage } from '../plan/recorded-stage.ts';
import { type EarlierStage, planUndo, restoredParts, type UndoPlan, undoQueries } from '../plan/undo-plan.ts';
import { lines } from '../sh/sh.ts';
import { lockScript, memoryScript, readMemory } from '../transaction/host-scripts.ts';
import type { HostResult, Trouble } from './events.ts';
import { awaitFree } from './lock.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { type HostSession, withRetry } from './patience.ts';
import { probeAndThen } from './probe.ts';
import { togetherByHost } from './same-host.ts';
import type { StageIndex } from './stage-item.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';
import { asBefore, gone, heldBy, idsOf, questionOf, type UndoHost } from './undo-memory.ts';

/** One run to undo. */
export interface UndoRun {
  readonly run: string;
  /** The absolute path of the inventory from which it was made. */
  readonly inventory?: string | undefined;
  readonly hosts: readonly UndoHost[];
  /** The run's recorded changes, by host. */
  readonly kept: Readonly<Record<string, RecordedStage>>;
  /** By host: what later runs did there and is not undone, by run. */
  readonly later: ReadonlyMap<string, ReadonlyMap<string, RecordedStage>>;
  /** By host: what was in force there when the run began, newest run first. */
  readonly earlier: ReadonlyMap<string, readonly EarlierStage[]>;
}

export interface UndoOptions extends FleetOptions {
  /** Whether to remove packages that the runs installed, too. */
  readonly packages: boolean;
  /** Whether to undo what someone has changed since as well. */
  readonly force: boolean;
}

/** What the undo of a run does on a host. */
interface HostUndo {
  /** Those that the host really has, and that are requested. */
  readonly stages: readonly StageIndex[];
  readonly plan: UndoPlan;
  /** False: the host has lost the undo, and everything is already restored. */
  readonly stored: boolean;
}

/** A host that answered, and what the undo of a run does there. */
export interface OpenUndo extends HostUndo {
  readonly host: UndoHost;
  readonly talk: HostSession;
}

/** One run, with its hosts that answered. */
export interface OpenRun {
  readonly run: UndoRun;
  readonly hosts: readonly OpenUndo[];
}

export interface UndoFleet {
  /** In the order in which they are undone. */
  readonly runs: readonly OpenRun[];
  /** Hosts on which nothing can be done: unreachable ones, and those that have lost a run's undo. */
  readonly failed: ReadonlyMap<string, HostResult>;
  readonly talks: readonly HostSession[];
}

/**
 * Connects to every host and compares what the runs left there with what is there now. The runs are given in the order
 * in which they are undone, and each is planned on what those before it will restore. Writes nothing.
 */
export async function openUndo(runs: readonly UndoRun[], options: UndoOptions): Promise<UndoFleet> {
  const { transport, emit, forks, signal } = options;
  const failed = new Map<string, HostResult>();
  const all = runs.flatMap((run) => run.hosts.map((host): Own => ({ run, host })));
  const machines = togetherByHost(all, ({ run: { inventory }, host }) => ({ inventory, ...host }));
  const open = await inParallel(machines, forks, async (own) => {
    // The newest run knows best how to reach a host.
    const [
      {
        host: { target },
      },
    ] = own as [Own];
    const host = target.name;
    let talk: HostSession | undefined;
    try {
      emit({ type: 'phase', host, phase: 'connect', state: 'begin' });
      talk = { target, transport, connection: await transport.connect(target, { signal }) };
      if (options.wait) {
        const ids = own.map(({ run }) => run.run);
        await awaitFree(host, talk.connection, Date.now() + options.wait * 1000, options, ids);
      }
      emit({ type: 'phase', host, phase: 'connect', state: 'end' });
      emit({ type: 'phase', host, phase: 'probe', state: 'begin' });
      const looked = await look(talk, own, options);
      emit({ type: 'phase', host, phase: 'probe', state: 'end' });
      return { talk, own, looked };
    } catch (error) {
      talk?.connection.close();
      if (signal.aborted) throw signal.reason;
      const trouble = troubleOf(error);
      emit({ type: 'trouble', host, trouble });
      for (const { host: one } of own)
        failed.set(one.target.name, { outcome: outcomeOf(trouble), changes: 0, trouble });
      return undefined;
    }
  });
  const answered = open.filter((host) => host !== undefined);
  return {
    runs: runs.map((run) => ({
      run,
      hosts: run.hosts.flatMap((host): OpenUndo[] => {
        const found = answered.find(({ own }) => own.some((one) => one.host === host));
        const looked = found?.looked.get(run.run);
        return found === undefined || looked === undefined
          ? []
          : [{ host, talk: calledAs(host.target.name, found.talk), ...looked }];
      }),
    })),
    failed,
    talks: answered.map(({ talk }) => talk),
  };
}

/** A host of a run to undo. */
interface Own {
  readonly run: UndoRun;
  readonly host: UndoHost;
}

/** In a run, its host has the name that it had then. */
function calledAs(name: string, talk: HostSession): HostSession {
  return talk.target.name === name ? talk : { ...talk, target: { ...talk.target, name } };
}

/** Nothing was touched there, so the host is as it was. */
function outcomeOf({ code }: Trouble): HostResult['outcome'] {
  return code === 'locked' || code === 'state' ? 'not-started' : 'unreachable';
}

export function closeUndo({ talks }: UndoFleet): void {
  for (const { connection } of talks) connection.close();
}

/**
 * Undoes one run on each host, with the program that the host stored when it was changed. Conflicts are left alone
 * unless `force` is set. If a host has changed since it was read, nothing is done on any.
 */
export async function undoRun(
  { run, hosts }: OpenRun,
  options: UndoOptions,
): Promise<Map<string, HostResult>> {
  const again = await inParallel(hosts, options.forks, async (open): Promise<HostUndo | HostResult> => {
    try {
      const now = await withRetry(open.talk, () => look(open.talk, [{ run, host: open.host }], options));
      const looked = now.get(run.run) ?? open;
      if (!options.force && String(looked.plan.left) !== String(open.plan.left)) {
        throw new RunError('state', 'the host has changed since it was read', {
          host: open.talk.target.name,
          hint: 'run the undo again to see its current state',
        });
      }
      return looked;
    } catch (error) {
      if (options.signal.aborted) return { outcome: 'not-started', changes: 0 };
      const trouble = troubleOf(error);
      options.emit({ type: 'trouble', host: open.talk.target.name, trouble });
      return { outcome: 'not-started', changes: 0, trouble };
    }
  });
  const unfit = again.some((looked) => 'outcome' in looked);
  const indexes = [...hosts.keys()];
  const results = await inParallel(indexes, options.forks, async (i): Promise<HostResult> => {
    const [looked, { talk }] = [again[i] as HostUndo | HostResult, hosts[i] as OpenUndo];
    if ('outcome' in looked) return looked;
    if (unfit) return { outcome: 'not-started', changes: 0 };
    return takeBack(talk, run.run, looked, options);
  });
  return new Map(hosts.map(({ host }, i) => [host.target.name, results[i] as HostResult]));
}

async function takeBack(
  talk: HostSession,
  run: string,
  { stages, plan, stored }: HostUndo,
  { emit }: UndoOptions,
): Promise<HostResult> {
  if (!stored) return { outcome: 'undone', changes: 0 };
  const host = { ...talk, run, emit };
  const result = await undoStages(host, stages, plan);
  talk.connection = host.connection;
  return result.outcome === 'undone' && plan.left.length > 0 ? { ...result, left: plan.left } : result;
}

const nothingKept: RecordedStage = { changes: {}, settles: {} };

/**
 * One exchange with a host, about all runs that have something left there; the undo of each, by run.
 * @throws RunError `state` if one of them changed the host and its undo is gone.
 */
async function look(
  { connection, target: { name } }: HostSession,
  own: readonly Own[],
  { force, packages, signal }: UndoOptions,
): Promise<Map<string, HostUndo>> {
  const queries = own.flatMap(({ run: { kept }, host }) =>
    undoQueries(kept[host.target.name] ?? nothingKept, idsOf(host)),
  );
  queries.push(osFact);
  const ids = own.map(({ run }) => run.run);
  const questions = lines(lockScript(ids), memoryScript(ids));
  const { facts, rest } = await probeAndThen(connection, name, queries, questions, signal);
  const memories = readMemory(rest);
  const expected = new Map<string, Part>();
  // What is left of the runs that are undone earlier.
  const remains = new Map<string, RecordedStage>();
  const found = new Map<string, HostUndo>();
  for (const { run, host } of own) {
    const called = host.target.name;
    const { memory, stages, stored } = heldBy(host, run.run, memories.get(run.run), facts, packages);
    const stage = run.kept[called] ?? nothingKept;
    // An armed host may still be working, and its undo undoes everything.
    const kept = memory.decision === '' ? nothingKept : stage;
    const later = new Map(
      [...(run.later.get(called) ?? [])].map(([id, kept]) => [id, remains.get(id) ?? kept] as const),
    );
    const earlier = run.earlier.get(called) ?? [];
    const question = { ...questionOf(host, memory), kept, later, earlier, force, expected };
    const plan = planUndo(question, facts);
    if (!stored && !asBefore(host, plan)) throw gone(host, run.run, facts);
    for (const [part, value] of restoredParts(question, plan)) expected.set(part, value);
    remains.set(run.run, onlyLeft(stage, plan.left));
    found.set(run.run, { stages, plan, stored });
  }
  return found;
}
