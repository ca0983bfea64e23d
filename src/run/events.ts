import type { CheckState } from '../checks/result.ts';
import type { Conflict } from '../plan/undo-plan.ts';
import type { StageName } from '../transaction/stage.ts';

export type Phase = 'connect' | 'probe' | 'prepare' | 'apply' | 'verify' | 'check' | 'confirm' | 'undo';

/** How a run ended on one host. */
export type Outcome =
  | 'unchanged'
  | 'changed'
  | 'armed' // changed, and the host undoes it unless it is confirmed
  | 'undone' // it was changed, and everything is restored
  | 'not-started' // the run stopped before anything was changed here
  | 'kept' // it failed and its changes stay (`on_failure: keep`)
  | 'unreachable'
  | 'in-doubt'; // unknown, or an undo failed

/** Why something went wrong on a host: for people, escaped only when shown. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** The end of the failed command's output; if something before it is left out, a first line says so. */
  readonly output?: string;
  /** The step that failed, if it was one. */
  readonly step?: StepPlace;
  /** The command's exit status; undefined if it was no command, or was killed at its timeout. */
  readonly exitStatus?: number;
}

/** A step for people: its name, and its place in the playbook. */
export interface StepPlace {
  readonly name: string;
  /** `mesh.yml:4`, the playbook as the user named it. */
  readonly at?: string;
}

export interface HostResult {
  readonly outcome: Outcome;
  /** How many changes were applied or, for `undone`, undone. */
  readonly changes: number;
  /** Ids of the commands of the stage `main` that did not run because their guards found nothing to do. */
  readonly notRun?: readonly string[];
  /** For `armed`: when the host undoes the run, unless it is confirmed; ISO 8601, UTC. */
  readonly armedUntil?: string;
  readonly trouble?: Trouble;
  /** For `undone`: ids of the commands of the stage `main` without an undo, whose effects stay. */
  readonly stays?: readonly string[];
  /** What was not restored although nothing failed: a container that doesn't start again. The hosts' own words. */
  readonly notices?: readonly string[];
  /** For `undone`: ids of changes of the stage `main` that were left alone because someone has changed them since. */
  readonly left?: readonly string[];
}

/**
 * What a run reports while it is in progress. One union, many reporters; also the content of `--json` and of a
 * record's events.
 */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly verb: 'apply' | 'undo';
      readonly hosts: readonly string[];
    }
  | { readonly type: 'phase'; readonly host: string; readonly phase: Phase; readonly state: 'begin' | 'end' }
  | {
      readonly type: 'change';
      readonly host: string;
      readonly verb: 'apply' | 'undo';
      readonly stage: StageName;
      readonly id: string;
      /** The step's index; undefined for settle actions. */
      readonly step?: number;
      readonly summary: string;
      /** The step for people; undefined for settle actions. */
      readonly place?: StepPlace;
      /** `not-run`: a command whose guard found nothing to do at its turn. */
      readonly state: 'begin' | 'ok' | 'failed' | 'not-run';
    }
  /**
   * Information for a waiting user; not a failure. What is permanent, such as a container that doesn't start again, is
   * also in the host's result.
   */
  | { readonly type: 'notice'; readonly host: string; readonly message: string }
  /** What an undo leaves alone, or undoes only by force. */
  | ({
      readonly type: 'conflict';
      readonly host: string;
      readonly id: string;
      readonly summary: string;
    } & Conflict)
  | {
      readonly type: 'check';
      /** The host that made it. */
      readonly host: string;
      /** The host that it is about; undefined if that is the host itself. */
      readonly target?: string;
      /** The check's index. */
      readonly check: number;
      readonly name: string;
      readonly state: CheckState;
      /** Why it isn't `ok`. */
      readonly output?: string;
    }
  | { readonly type: 'trouble'; readonly host: string; readonly trouble: Trouble }
  | {
      readonly type: 'run-finished';
      readonly run: string;
      /** The run that was undone. */
      readonly undoes?: string;
      readonly exitCode: number;
      readonly results: Readonly<Record<string, HostResult>>;
    };

export type Emit = (event: RunEvent) => void;
