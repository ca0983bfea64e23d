import { summaryOf } from '../plan/summary.ts';
import type { Stage } from '../transaction/stage.ts';
import type { StageIndex } from './program-run.ts';

/** What a stage's ids stand for. */
export function stageIndex(stage: Stage): StageIndex {
  const items: Record<string, StageIndex['items'][string]> = {};
  for (const { id, step, change } of stage.changes) {
    const stays = change.type === 'run' && change.undo === undefined;
    items[id] = { step, summary: summaryOf(change), ...(stays ? { stays } : {}) };
  }
  for (const { id, action } of stage.settles) items[id] = { summary: `settle ${action}` };
  return { name: stage.name, items };
}
