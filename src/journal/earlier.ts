import { onlyLeft } from '../plan/kept-stage.ts';
import type { EarlierStage } from '../plan/undo-plan.ts';
import type { Journal } from './journal.ts';
import type { RunRecord } from './record.ts';

/** By host: what was in force there when a run began, the newest run first, also what was taken back since. */
export function earlierStages(
  journal: Journal,
  run: RunRecord,
): ReadonlyMap<string, readonly EarlierStage[]> {
  const found = new Map<string, EarlierStage[]>();
  const runs = journal.list();
  const then = runs.filter(({ startedAt }) => startedAt < run.startedAt);
  for (const other of then.filter(({ verb }) => verb === 'apply')) {
    const kept = journal.kept(other.id);
    const leftNow = new Map(journal.leftToUndo(other, false, runs).map((host) => [host.target.name, host]));
    for (const { target, left } of journal.leftToUndo(other, false, then)) {
      const stage = kept[target.name];
      if (stage === undefined) continue;
      const inForce = onlyLeft(stage, left);
      const now = leftNow.get(target.name);
      const undone = Object.keys(inForce.changes).filter((id) => !(now && (now.left ?? [id]).includes(id)));
      found.set(target.name, [{ kept: inForce, undone: new Set(undone) }, ...(found.get(target.name) ?? [])]);
    }
  }
  return found;
}
