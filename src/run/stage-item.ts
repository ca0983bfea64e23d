import type { StageName } from '../transaction/stage.ts';
import type { StepPlace } from './events.ts';

/** What a stage's ids stand for: enough to report a change, and part of a run's record. */
export interface StageIndex {
  readonly name: StageName;
  readonly items: Readonly<Record<string, StageItem>>;
}

export interface StageItem {
  /** Undefined for a settle action. */
  readonly step?: number;
  readonly summary: string;
  /** Undefined for a settle action, and in records of older runs. */
  readonly place?: StepPlace;
  /** For a settle action, the steps that need it. */
  readonly after?: readonly StepPlace[];
  /** For a step's own settle action: it counts, and is undone, like a change with this summary. */
  readonly brings?: { readonly summary: string };
  /** A command without an undo. */
  readonly stays?: true;
  /** It needs values of other hosts, which only an apply of the play brings. */
  readonly takes?: true;
  /** Its output may contain secrets that only its playbook knows. */
  readonly secret?: true;
}

/** Whether a step does it: it counts, is compared later, and is undone by itself. */
export function isOwn({ step, brings }: Pick<StageItem, 'step' | 'brings'>): boolean {
  return step !== undefined || brings !== undefined;
}

/** What it does, in a few words. Not escaped. */
export function effectOfItem({ summary, brings }: Pick<StageItem, 'summary' | 'brings'>): string {
  return brings?.summary ?? summary;
}
