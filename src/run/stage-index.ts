import { primitiveOf } from '../changes/registry.ts';
import { settleKey } from '../changes/settle/registry.ts';
import { positionAt } from '../diagnostics/position.ts';
import type { ResolvedStep } from '../model/resolved.ts';
import { summaryOf } from '../plan/summary.ts';
import type { Stage } from '../transaction/stage.ts';
import type { StepPlace } from './events.ts';
import type { StageIndex } from './stage-item.ts';

/** The index of a stage's ids; `steps` are its host's. */
export function stageIndex(stage: Stage, steps: readonly ResolvedStep[]): StageIndex {
  const items: Record<string, StageIndex['items'][string]> = {};
  const places = new Map(stage.changes.map(({ id, step, stepName }) => [id, placeOf(step, stepName, steps)]));
  for (const { id, step, change, secret } of stage.changes) {
    const place = places.get(id);
    const stays = !primitiveOf(change).undoable(change);
    items[id] = {
      step,
      summary: summaryOf(change),
      ...(place === undefined ? {} : { place }),
      ...(stays ? { stays } : {}),
      ...(primitiveOf(change).takes(change).length > 0 ? { takes: true } : {}),
      ...(secret ? { secret } : {}),
    };
  }
  for (const { id, action, after, by } of stage.settles) {
    const asking = [
      ...after.flatMap((change) => places.get(change) ?? []),
      ...by.map(({ step, stepName }) => placeOf(step, stepName, steps)),
    ];
    items[id] = {
      summary: `settle ${settleKey(action)}`,
      after: [...new Map(asking.map((place) => [`${place.name} ${place.at}`, place])).values()],
      ...(by.length === 0 ? {} : { brings: { summary: summaryOf(action) } }),
    };
  }
  return { name: stage.name, items };
}

function placeOf(index: number, name: string, steps: readonly ResolvedStep[]): StepPlace {
  const step = steps.find((one) => one.step.index === index)?.step;
  if (step === undefined) return { name };
  const { source, start } = step.locate([]);
  return { name, at: `${source.path}:${positionAt(source, start).line}` };
}
