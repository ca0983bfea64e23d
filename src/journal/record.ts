import type { HostResult } from '../run/events.ts';
import type { Decision } from '../run/progress.ts';
import type { StageIndex } from '../run/stage-item.ts';
import type { HostTarget } from '../transport/transport.ts';

/** What is kept of one host of a run: enough to undo it without an inventory. Holds no secret. */
export interface HostRecord {
  readonly target: HostTarget;
  /** Stages whose program was stored on the host, in order. */
  readonly stages: readonly StageIndex[];
  /** Where it is undone, although the run is confirmed on others. */
  readonly decision?: 'undo';
  /** Absent while the run goes on, or for ever if the controller died. */
  readonly result?: HostResult;
  /** Which machine it was: `machine` of the fact `os`. Absent where that wasn't known, and in undo runs. */
  readonly machine?: string;
  /** Since then this controller neither offers what the run left here to an undo nor counts it. */
  readonly forgotten?: Forgotten;
}

/** Who has had a run forgotten on a host, and when. */
export interface Forgotten {
  readonly user: string;
  readonly controller: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** One run, as `.meshbook/runs/ID/run.json` holds it. */
export interface RunRecord {
  /** 1: settle actions in `changes.json` are texts, and a restart of Docker is a change of the type `docker`. */
  readonly formatVersion: 1 | 2;
  readonly id: string;
  readonly verb: 'apply' | 'undo';
  /** The run that this one takes back; only with the verb `undo`. */
  readonly undoes?: string;
  readonly user: string;
  readonly controller: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** What becomes of the run on its hosts; on record before the first of them is told. */
  readonly decision?: Decision;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  /** Absolute paths; absent in undo runs. */
  readonly inventory?: string;
  /** Of an inventory of several files: those given after the first. */
  readonly moreInventories?: readonly string[];
  readonly playbook?: string;
  readonly playName: string;
  /** The names of the playbook's steps. */
  readonly steps: readonly string[];
  readonly hosts: Readonly<Record<string, HostRecord>>;
}
