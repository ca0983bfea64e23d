import { summaryOf } from '../plan/summary.ts';
import type { Stage } from '../transaction/stage.ts';
import type { StageIndex } from './program-run.ts';

/** What a stage's ids stand for. */
export function stageIndex(stage: Stage): StageIndex {
  const items: Record<string, { step?: number; summary: string }> = {};
  for (const { id, step, change } of stage.changes) items[id] = { step, summary: summaryOf(change) };
  for (const { id, action } of stage.settles) items[id] = { summary: `settle ${action}` };
  return { name: stage.name, items };
}
