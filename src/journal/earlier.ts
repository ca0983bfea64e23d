import { RunError } from '../diagnostics/errors.ts';
import { onlyLeft } from '../plan/recorded-stage.ts';
import type { EarlierStage } from '../plan/undo-plan.ts';
import { isSameHost } from '../run/same-host.ts';
import { type Journal, type LeftHost, recordedHost } from './journal.ts';
import type { RunRecord } from './record.ts';

/** What was in force on a host when a run began, and what is left of it now. */
interface InForce {
  readonly run: RunRecord;
  readonly then: LeftHost;
  readonly now: LeftHost | undefined;
}

/**
 * By host of a run: what was in force there when it began, newest run first, including what was undone since. Goes
 * back only as far as something was undone: usually nothing.
 */
export function earlierStages(
  journal: Journal,
  run: RunRecord,
): ReadonlyMap<string, readonly EarlierStage[]> {
  const runs = journal.list();
  const before = runs.filter(({ startedAt }) => startedAt < run.startedAt);
  const inForce = before
    .filter(({ verb }) => verb === 'apply')
    .reverse()
    .flatMap((other): InForce[] => {
      const left = new Map(journal.leftToUndo(other, false, runs).map((host) => [host.target.name, host]));
      return journal
        .leftToUndo(other, false, before)
        .map((then) => ({ run: other, then, now: left.get(then.target.name) }));
    });
  return new Map(
    Object.values(run.hosts).map((host) => {
      const own = inForce.filter((one) =>
        isSameHost(recordedHost(run, host), recordedHost(one.run, one.then)),
      );
      const oldest = own.findLastIndex(
        ({ then, now }) => now === undefined || String(then.left) !== String(now.left),
      );
      return [host.target.name, own.slice(0, oldest + 1).flatMap((one) => stageOf(journal, one))];
    }),
  );
}

function stageOf(journal: Journal, { run, then, now }: InForce): EarlierStage[] {
  const kept = keptOf(journal, run.id)[then.target.name];
  if (kept === undefined) return [];
  const inForce = onlyLeft(kept, then.left);
  const isLeft = (id: string) => now !== undefined && (now.left ?? [id]).includes(id);
  return [{ kept: inForce, undone: new Set(Object.keys(inForce.changes).filter((id) => !isLeft(id))) }];
}

/** Without a record, nothing counts as its work. */
function keptOf(journal: Journal, id: string): ReturnType<Journal['kept']> {
  try {
    return journal.kept(id);
  } catch (error) {
    if (error instanceof RunError) return {};
    throw error;
  }
}
