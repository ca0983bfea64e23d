import { onlyLeft } from '../plan/kept-stage.ts';
import type { EarlierStage } from '../plan/undo-plan.ts';
import { isSameHost } from '../run/same-host.ts';
import { type Journal, recordedHost } from './journal.ts';
import type { RunRecord } from './record.ts';

/** By host of a run: what was in force there when it began, the newest run first, also what was taken back since. */
export function earlierStages(
  journal: Journal,
  run: RunRecord,
): ReadonlyMap<string, readonly EarlierStage[]> {
  const runs = journal.list();
  const then = runs.filter(({ startedAt }) => startedAt < run.startedAt);
  const stages = then
    .filter(({ verb }) => verb === 'apply')
    .reverse()
    .flatMap((other) => {
      const kept = journal.kept(other.id);
      const leftNow = new Map(journal.leftToUndo(other, false, runs).map((host) => [host.target.name, host]));
      return journal.leftToUndo(other, false, then).flatMap(({ target, left }) => {
        const stage = kept[target.name];
        if (stage === undefined) return [];
        const inForce = onlyLeft(stage, left);
        const now = leftNow.get(target.name);
        const isLeft = (id: string) => now !== undefined && (now.left ?? [id]).includes(id);
        const undone = new Set(Object.keys(inForce.changes).filter((id) => !isLeft(id)));
        return [{ host: recordedHost(other, { target }), stage: { kept: inForce, undone } }];
      });
    });
  return new Map(
    Object.values(run.hosts).map((host) => [
      host.target.name,
      stages.filter((one) => isSameHost(recordedHost(run, host), one.host)).map(({ stage }) => stage),
    ]),
  );
}
