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
  /** Of a settle action that a step asked for by itself: it counts, and is undone, like a change with this summary. */
  readonly brings?: { readonly summary: string };
  /** A command that nobody has given an undo. */
  readonly stays?: true;
  /** It needs values of other hosts, which only an apply of the play brings. */
  readonly takes?: true;
  /** What it prints may hold secrets that only its playbook knows. */
  readonly secret?: true;
}

/** Whether it is something that a step does: it counts, is compared later, and is undone by itself. */
export function isOwn({ step, brings }: Pick<StageItem, 'step' | 'brings'>): boolean {
  return step !== undefined || brings !== undefined;
}

/** What it does or brings about, in a few words. Not escaped. */
export function effectOfItem({ summary, brings }: Pick<StageItem, 'summary' | 'brings'>): string {
  return brings?.summary ?? summary;
}
