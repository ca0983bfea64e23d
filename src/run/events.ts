import type { CheckState } from '../checks/result.ts';
import type { Conflict } from '../plan/undo-plan.ts';
import type { StageName } from '../transaction/stage.ts';

export type Phase = 'connect' | 'probe' | 'prepare' | 'apply' | 'verify' | 'check' | 'confirm' | 'undo';

/** How a run ended on one host. */
export type Outcome =
  | 'unchanged'
  | 'changed'
  | 'armed' // changed, and the host takes it back unless somebody confirms
  | 'undone' // it was changed, and everything is back
  | 'not-started' // the run stopped before anything was changed here
  | 'kept' // it failed and was left as it is (`on_failure: keep`)
  | 'unreachable'
  | 'in-doubt'; // nobody knows, or an undo failed

/** Why something went wrong on a host: for people, escaped only when shown. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** The end of what the failed command printed; where something is left out before it, a first line says so. */
  readonly output?: string;
  /** The step that failed, where it was one. */
  readonly step?: StepPlace;
  /** How the command ended; absent where it was no command, or was ended since it took too long. */
  readonly exitStatus?: number;
}

/** A step for people: its name, and where it stands in the playbook. */
export interface StepPlace {
  readonly name: string;
  /** `mesh.yml:4`, the playbook as the user named it. */
  readonly at?: string;
}

export interface HostResult {
  readonly outcome: Outcome;
  /** How many changes were applied or, with `undone`, taken back. */
  readonly changes: number;
  /** Ids of the commands of the stage `main` that did not run, since their guards held when it was their turn. */
  readonly notRun?: readonly string[];
  /** With `armed`: when the host undoes the run, unless somebody confirms; ISO 8601, UTC. */
  readonly armedUntil?: string;
  readonly trouble?: Trouble;
  /** With `undone`: ids of the commands of the stage `main` that have no undo, so that what they did stays. */
  readonly stays?: readonly string[];
  /** What isn't as it was, though nothing failed: a container that doesn't start again. The hosts' own words. */
  readonly notices?: readonly string[];
  /** With `undone`: ids of changes of the stage `main` that were left alone, since someone has changed them since. */
  readonly left?: readonly string[];
}

/** What a run reports while it goes on. One union, many reporters; also what `--json` and the journal hold. */
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
      /** The step's index; absent for settle actions. */
      readonly step?: number;
      readonly summary: string;
      /** The step for people; absent for settle actions. */
      readonly place?: StepPlace;
      /** `not-run`: a command whose guard said when it was its turn that there is nothing to do. */
      readonly state: 'begin' | 'ok' | 'failed' | 'not-run';
    }
  /**
   * What a reader who waits should know; nothing has failed by it. What lasts, such as a container that doesn't start
   * again, is in the host's result, too.
   */
  | { readonly type: 'notice'; readonly host: string; readonly message: string }
  /** What an undo leaves alone, or takes back only because it is forced to. */
  | ({
      readonly type: 'conflict';
      readonly host: string;
      readonly id: string;
      readonly summary: string;
    } & Conflict)
  | {
      readonly type: 'check';
      /** Where it was made. */
      readonly host: string;
      /** Whom it was about; absent when that is the host itself. */
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
      /** The run that was taken back. */
      readonly undoes?: string;
      readonly exitCode: number;
      readonly results: Readonly<Record<string, HostResult>>;
    };

export type Emit = (event: RunEvent) => void;
