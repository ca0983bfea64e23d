import type { Facts } from '../facts/fact.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import type { OnFailure } from '../model/types.ts';
import type { HostPlan } from '../plan/host-plan.ts';
import type { RecordedStage } from '../plan/recorded-stage.ts';
import type { Outcome, Trouble } from './events.ts';
import type { FleetHost, FleetOptions } from './open-fleet.ts';
import type { HostRun } from './program-run.ts';
import type { StageIndex } from './stage-item.ts';

/** The decision about a run; recorded before the first host is told, so that another controller can complete it. */
export type Decision = 'confirm' | 'undo';

export interface ApplyOptions extends FleetOptions {
  readonly run: string;
  readonly onFailure: OnFailure;
  /** Run when every host is verified; a failed one is a trouble of its source. */
  readonly checks: readonly ResolvedCheck[];
  /**
   * Called with every host's stage before one is stored anywhere, so that the run can be undone by its record alone.
   */
  readonly record: (
    stages: ReadonlyMap<string, StageIndex>,
    kept: ReadonlyMap<string, RecordedStage>,
  ) => void;
  /** Called with the decision before any host is told, and with the hosts that are undone in any case. */
  readonly decide: (decision: Decision, undone: readonly string[]) => void;
  /** Who runs this, for others who find a host locked. */
  readonly holder: string;
  /** The token that a confirm needs. */
  readonly token: string;
  /** Seconds without progress after which an armed host undoes the run itself. */
  readonly confirmTimeout: number;
  /** Whether verified hosts stay armed until the user confirms. */
  readonly leaveArmed: boolean;
}

/** One host's progress in the run. */
export interface Progress extends HostRun {
  /** Stops the run on every host after its present change. */
  readonly halt: AbortController;
  readonly planned: FleetHost;
  plan: HostPlan;
  /** The facts from which the plan was made. */
  facts: Facts;
  /** Stages whose program was started, in order. */
  readonly begun: StageIndex[];
  changes: number;
  /** Ids of commands that did not run. */
  readonly notRun: string[];
  /** How many changes of `main` an undo undoes, as far as known. */
  undoable: number;
  /** Ids of commands of `main` that were begun and have no undo. */
  stays: readonly string[];
  /** Whether the program of `main` is known to have ended. */
  applied?: boolean;
  trouble?: Trouble;
  outcome?: Outcome;
  /** As in its result. */
  armedUntil?: string;
  /** Notices about the host's present state: an undo's replace its apply's. */
  notices: readonly string[];
}
