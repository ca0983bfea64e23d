import type { Facts } from '../facts/fact.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import type { OnFailure } from '../model/types.ts';
import type { HostPlan } from '../plan/host-plan.ts';
import type { KeptStage } from '../plan/kept-stage.ts';
import type { Outcome, Trouble } from './events.ts';
import type { FleetHost, FleetOptions } from './open-fleet.ts';
import type { HostRun } from './program-run.ts';
import type { StageIndex } from './stage-item.ts';

/** What becomes of a run; recorded before the first host is told, so that another controller can finish it. */
export type Decision = 'confirm' | 'undo';

export interface ApplyOptions extends FleetOptions {
  readonly run: string;
  readonly onFailure: OnFailure;
  /** Made when every host is verified; one that fails is a trouble of its source. */
  readonly checks: readonly ResolvedCheck[];
  /** Told of every host's stage before one is stored anywhere, so that the run can be undone by its record alone. */
  readonly record: (stages: ReadonlyMap<string, StageIndex>, kept: ReadonlyMap<string, KeptStage>) => void;
  /** Told of what becomes of the run before any host is, and which hosts are undone whatever becomes of the others. */
  readonly decide: (decision: Decision, undone: readonly string[]) => void;
  /** Who runs this, for others who find a host locked. */
  readonly holder: string;
  /** What a confirm must know. */
  readonly token: string;
  /** Seconds without progress after which an armed host undoes by itself. */
  readonly confirmTimeout: number;
  /** Whether hosts that were verified stay armed, for a person to look and confirm. */
  readonly leaveArmed: boolean;
}

/** One host's way through the run. */
export interface Progress extends HostRun {
  /** Ends the run everywhere after the change that each host is at. */
  readonly halt: AbortController;
  readonly planned: FleetHost;
  plan: HostPlan;
  /** What the plan was made of. */
  facts: Facts;
  /** Stages whose program was started, in order. */
  readonly begun: StageIndex[];
  changes: number;
  /** Ids of commands that did not run. */
  readonly notRun: string[];
  /** How many changes of `main` an undo takes back, as far as is known. */
  undoable: number;
  /** Ids of commands of `main` that were begun and have no undo. */
  stays: readonly string[];
  /** Whether the program of `main` is known to be at its end. */
  applied?: boolean;
  trouble?: Trouble;
  outcome?: Outcome;
  /** As in its result. */
  armedUntil?: string;
  /** Of what the host was left with: an undo's take the place of its apply's. */
  notices: readonly string[];
}
