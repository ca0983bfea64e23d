import type { HostResult } from '../run/events.ts';
import type { Decision } from '../run/progress.ts';
import type { StageIndex } from '../run/stage-item.ts';
import type { HostTarget } from '../transport/transport.ts';

/** The record of one host of a run: enough to undo it without an inventory. Contains no secret. */
export interface HostRecord {
  readonly target: HostTarget;
  /** The stages whose program was stored on the host, in order. */
  readonly stages: readonly StageIndex[];
  /** Whether it is undone although the run is confirmed on others. */
  readonly decision?: 'undo';
  /** Undefined while the run is in progress, or for ever if the controller died. */
  readonly result?: HostResult;
  /** Which machine it was: `machine` of the fact `os`. Undefined if unknown, and in undo runs. */
  readonly machine?: string;
  /** Since then this controller neither offers what the run left here for undo nor counts it. */
  readonly forgotten?: Forgotten;
}

/** Who has forgotten a run on a host, and when. */
export interface Forgotten {
  readonly user: string;
  readonly controller: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** One run, as in `.meshbook/runs/ID/run.json`. */
export interface RunRecord {
  /** 1: settle actions in `changes.json` are texts, and a restart of Docker is a change of the type `docker`. */
  readonly formatVersion: 1 | 2;
  readonly id: string;
  readonly verb: 'apply' | 'undo';
  /** The run that this one undoes; only with the verb `undo`. */
  readonly undoes?: string;
  readonly user: string;
  readonly controller: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The decision about the run; recorded before the first host is told. */
  readonly decision?: Decision;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  /** Absolute paths; undefined in undo runs. */
  readonly inventory?: string;
  /** For an inventory of several files: all but the first. */
  readonly moreInventories?: readonly string[];
  readonly playbook?: string;
  readonly playName: string;
  /** The names of the playbook's steps. */
  readonly steps: readonly string[];
  readonly hosts: Readonly<Record<string, HostRecord>>;
}
