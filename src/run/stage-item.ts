import type { StageName } from '../transaction/stage.ts';
import type { StepPlace } from './events.ts';

/** What a stage's ids stand for: enough to report a change, and what a run's record keeps of it. */
export interface StageIndex {
  readonly name: StageName;
  readonly items: Readonly<Record<string, StageItem>>;
}

export interface StageItem {
  /** Absent for a settle action. */
  readonly step?: number;
  readonly summary: string;
  /** Absent for a settle action; in records of older runs, too. */
  readonly place?: StepPlace;
  /** For a settle action, the steps that asked for it. */
  readonly after?: readonly StepPlace[];
  /** A command that nobody has given an undo. */
  readonly stays?: true;
  /** What it prints may hold secrets that only its playbook knows. */
  readonly secret?: true;
}
