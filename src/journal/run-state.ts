import { isArmedStage, isUndoneStage } from '../changes/stage.ts';
import type { Outcome } from '../run/events.ts';
import type { StageIndex } from '../run/stage-item.ts';
import type { Forgotten, HostRecord, RunRecord } from './record.ts';

/** The current state of a run on a host. Every place that shows it calls `hostStates`. */
export interface HostState {
  /**
   * `partly-undone`: an undo has left some changes alone; `not-confirmed`: it was armed and its deadline has passed,
   * so the host has undone the run unless something prevented it; `no-result`: the run is in progress, or was
   * interrupted.
   */
  readonly state: Outcome | 'partly-undone' | 'not-confirmed' | 'forgotten' | 'no-result';
  /** The earlier state; undefined while the run's own result is still valid. */
  readonly was?: HostState['state'];
  /** The undo that changed it. */
  readonly by?: string;
  /** For `partly-undone`: how many changes were left alone. */
  readonly left?: number;
  /** For `not-confirmed`: the deadline, ISO 8601, UTC. */
  readonly until?: string;
  /** For `forgotten`: who and when. */
  readonly forgotten?: Forgotten;
}

/**
 * The current state of a run on each of its hosts, by the records of all `runs`, oldest first, and by the time.
 * Otherwise pure.
 */
export function hostStates(
  run: RunRecord,
  runs: readonly RunRecord[],
  now = new Date(),
): ReadonlyMap<string, HostState> {
  const undone = run.undoes === undefined ? run : runs.find(({ id }) => id === run.undoes);
  const undos = undosOf(undone ?? run, runs).filter((undo) => run.verb === 'apply' || isAfter(undo, run));
  return new Map(
    Object.entries(run.hosts).map(([name, host]) => {
      const state = run.verb === 'apply' ? appliedState(host, undos, now) : undoState(host, undos);
      const forgotten = undone?.hosts[name]?.forgotten;
      const over = state.state === 'undone' || forgotten === undefined;
      return [name, over ? state : { state: 'forgotten', was: state.state, forgotten }];
    }),
  );
}

/** The undos of a run, in the order of `runs`. */
export function undosOf(run: RunRecord, runs: readonly RunRecord[]): RunRecord[] {
  return runs.filter(({ undoes }) => undoes === run.id);
}

function isAfter(run: RunRecord, other: RunRecord): boolean {
  return run.id !== other.id && run.startedAt >= other.startedAt;
}

function appliedState(host: HostRecord, undos: readonly RunRecord[], now: Date): HostState {
  const was = host.result?.outcome ?? 'no-result';
  const since = lastUndo(host, undos);
  if (since === undefined) {
    const until = was === 'armed' ? host.result?.armedUntil : undefined;
    return until !== undefined && Date.parse(until) < now.getTime()
      ? { state: 'not-confirmed', was, until }
      : { state: was };
  }
  if (since.state !== 'undone') return { ...since, was };
  // Packages stay after an undo, unless there was nothing else.
  const main = host.stages.filter(({ name }) => isUndoneStage(name));
  const stages = main.length > 0 ? main : host.stages;
  return stages.every(({ name }) => isUndone(host, name, undos)) && was !== 'undone'
    ? { ...since, was }
    : { state: was };
}

/** An undo that a later one of the same run has settled no longer counts. */
function undoState(host: HostRecord, later: readonly RunRecord[]): HostState {
  const { outcome, left = [] } = host.result ?? {};
  const was = outcome ?? 'no-result';
  const open = was === 'in-doubt' || was === 'no-result' || left.length > 0;
  const since = open ? lastUndo(host, later) : undefined;
  if (since?.state === 'undone') return { ...since, was: left.length > 0 ? 'partly-undone' : was };
  return outcome === 'undone' && left.length > 0
    ? { state: 'partly-undone', left: left.length }
    : { state: was };
}

/** The state after the last undo of a host that did anything. */
function lastUndo({ target: { name } }: HostRecord, undos: readonly RunRecord[]): HostState | undefined {
  const last = undos.findLast(({ hosts }) =>
    ['undone', 'in-doubt'].includes(hosts[name]?.result?.outcome ?? ''),
  );
  const { outcome, left = [] } = last?.hosts[name]?.result ?? {};
  if (last === undefined || outcome === undefined) return undefined;
  return outcome === 'undone' && left.length > 0
    ? { state: 'partly-undone', by: last.id, left: left.length }
    : { state: outcome, by: last.id };
}

/** Whether nothing of a stage is left to undo on a host, by the run's own result and by its undos. */
export function isUndone(
  { target, result }: HostRecord,
  stage: StageIndex['name'],
  undos: readonly RunRecord[],
): boolean {
  if (result?.outcome === 'not-started' || (result?.outcome === 'unchanged' && isArmedStage(stage)))
    return true;
  // A failed run undoes everything itself except the packages.
  if (result?.outcome === 'undone' && isUndoneStage(stage)) return true;
  return undos.some(({ hosts }) => {
    const undo = hosts[target.name];
    if (isArmedStage(stage) && (undo?.result?.left ?? []).length > 0) return false;
    return undo?.result?.outcome === 'undone' && undo.stages.some(({ name }) => name === stage);
  });
}
