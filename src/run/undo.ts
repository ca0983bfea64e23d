import { RunError } from '../diagnostics/errors.ts';
import type { KeptStage } from '../plan/kept-stage.ts';
import { planUndo, type UndoPlan, undoQueries } from '../plan/undo-plan.ts';
import { lines } from '../sh/sh.ts';
import { lockScript, memoryScript, type RunMemory, readMemory } from '../transaction/host-scripts.ts';
import type { Connection, HostTarget } from '../transport/transport.ts';
import type { HostResult, Trouble } from './events.ts';
import { awaitFree } from './lock.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { probeAndThen } from './probe.ts';
import type { StageIndex } from './program-run.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';

export interface UndoHost {
  readonly target: HostTarget;
  readonly stages: readonly StageIndex[];
  /** How the run ended there, where that is known. */
  readonly result?: HostResult;
  /** Ids of the only changes of the stage `main` that are left to take back. */
  readonly left?: readonly string[];
}

export interface UndoOptions extends FleetOptions {
  readonly run: string;
  /** Packages that the run installed are removed too. */
  readonly packages: boolean;
  /** What somebody has changed since is taken back all the same. */
  readonly force: boolean;
  /** What the run's record holds of its changes, by host. */
  readonly kept: Readonly<Record<string, KeptStage>>;
  /** By host: what later runs did there that isn't taken back, by run. */
  readonly later: ReadonlyMap<string, ReadonlyMap<string, KeptStage>>;
}

/** A host that answered, and what the undo does there. */
export interface OpenUndo {
  readonly host: UndoHost;
  /** Those that the host really holds, and that are asked for. */
  readonly stages: readonly StageIndex[];
  readonly connection: Connection;
  readonly plan: UndoPlan;
}

export interface UndoFleet {
  readonly hosts: readonly OpenUndo[];
  /** Hosts on which nothing can be done. */
  readonly failed: ReadonlyMap<string, HostResult>;
}

/** Connects to every host and compares what the run left there with what is there now. Writes nothing. */
export async function openUndo(hosts: readonly UndoHost[], options: UndoOptions): Promise<UndoFleet> {
  const { transport, emit, forks, signal } = options;
  const failed = new Map<string, HostResult>();
  const open = await inParallel(hosts, forks, async (undoHost): Promise<OpenUndo | undefined> => {
    const host = undoHost.target.name;
    let connection: Connection | undefined;
    try {
      emit({ type: 'phase', host, phase: 'connect', state: 'begin' });
      connection = await transport.connect(undoHost.target, { signal });
      if (options.wait) await awaitFree(host, connection, Date.now() + options.wait * 1000, options);
      emit({ type: 'phase', host, phase: 'connect', state: 'end' });
      emit({ type: 'phase', host, phase: 'probe', state: 'begin' });
      const looked = await look(connection, undoHost, options);
      emit({ type: 'phase', host, phase: 'probe', state: 'end' });
      return { host: undoHost, connection, ...looked };
    } catch (error) {
      connection?.close();
      if (signal.aborted) throw signal.reason;
      const trouble = troubleOf(error);
      emit({ type: 'trouble', host, trouble });
      const outcome = outcomeOf(trouble);
      failed.set(host, { outcome, changes: 0, trouble });
      return undefined;
    }
  });
  return { hosts: open.filter((host) => host !== undefined), failed };
}

function outcomeOf({ code }: Trouble): HostResult['outcome'] {
  if (code === 'locked') return 'not-started';
  return code === 'state' ? 'in-doubt' : 'unreachable';
}

export function closeUndo({ hosts }: UndoFleet): void {
  for (const { connection } of hosts) connection.close();
}

/**
 * Takes a run back on each host, by the program that the host stored when it was changed. Conflicts are left alone
 * unless `force` says otherwise. A host that has changed since it was looked at is left as it is.
 */
export async function undoFleet(
  { hosts, failed }: UndoFleet,
  options: UndoOptions,
): Promise<Map<string, HostResult>> {
  const { run, transport, emit } = options;
  const results = await inParallel(hosts, options.forks, async (open): Promise<HostResult> => {
    const { target } = open.host;
    const progress = { target, run, transport, emit, connection: open.connection };
    try {
      const { plan } = await look(open.connection, open.host, options);
      if (!options.force && JSON.stringify(plan) !== JSON.stringify(open.plan)) {
        throw new RunError('state', 'the host has changed since it was looked at', {
          host: target.name,
          hint: 'say the undo again to see how it is now',
        });
      }
    } catch (error) {
      const trouble = troubleOf(error);
      emit({ type: 'trouble', host: target.name, trouble });
      return { outcome: 'not-started', changes: 0, trouble };
    }
    const result = await undoStages(progress, open.stages, open.plan);
    progress.connection.close();
    const { left } = open.plan;
    return result.outcome === 'undone' && left.length > 0 ? { ...result, left } : result;
  });
  return new Map([
    ...hosts.map(({ host }, i) => [host.target.name, results[i] as HostResult] as const),
    ...failed,
  ]);
}

/** One exchange. @throws RunError when the host was changed and what would undo it is gone. */
async function look(
  connection: Connection,
  host: UndoHost,
  { run, kept, later, force, packages, signal }: UndoOptions,
): Promise<{ stages: StageIndex[]; plan: UndoPlan }> {
  const { name } = host.target;
  const stage = kept[name] ?? { changes: {}, settles: {} };
  const queries = undoQueries(stage, idsOf(host));
  const questions = lines(lockScript(run), memoryScript(run));
  const { facts, rest } = await probeAndThen(connection, name, queries, questions, signal);
  const memory = readMemory(rest);
  const stages = storedStages(host, run, memory).filter((one) => packages || one.name !== 'packages');
  const question = questionOf(host, memory);
  const checked = memory.decision !== '' ? stage : { changes: {}, settles: {} };
  const plan = planUndo({ ...question, kept: checked, later: later.get(name) ?? new Map(), force }, facts);
  return { stages, plan };
}

/**
 * What is still to be taken back. As long as a host is armed, it may still be at work, and whoever undoes it takes
 * back everything.
 */
function questionOf(host: UndoHost, { decision, begun, applied, undone }: RunMemory) {
  const all = idsOf({ ...host, left: undefined });
  const ids = idsOf(host).filter((id) => begun.has(id) && !(decision === 'undone' && undone.has(id)));
  const others = decision === '' ? [] : all.filter((id) => !ids.includes(id));
  return { ids, others, unsure: new Set(ids.filter((id) => !applied.has(id))) };
}

/** The ids of the changes of `main` that the record has as left to undo. */
function idsOf({
  stages,
  left,
}: {
  readonly stages: readonly StageIndex[];
  readonly left?: readonly string[] | undefined;
}) {
  const main = stages.find(({ name }) => name === 'main');
  return Object.entries(main?.items ?? {})
    .filter(([id, { step }]) => step !== undefined && (left === undefined || left.includes(id)))
    .map(([id]) => id);
}

/**
 * The stages that the host really holds. A stage is recorded before it is stored, so a run that broke off may
 * have stored less, and then has changed nothing there either.
 */
function storedStages({ target, stages, result }: UndoHost, run: string, memory: RunMemory): StageIndex[] {
  const stored = stages.filter(({ name }) => memory.stages.includes(name));
  if (stored.length < stages.length && result !== undefined && result.changes > 0) {
    throw new RunError('state', `what would undo run ${run} is gone from /var/lib/meshbook/transactions`, {
      host: target.name,
    });
  }
  return stored;
}
