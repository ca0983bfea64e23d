import { isArmedStage, isUndoneStage } from '../changes/stage.ts';
import { RunError } from '../diagnostics/errors.ts';
import type { Facts } from '../facts/fact.ts';
import { osFact } from '../facts/os.ts';
import type { UndoPlan } from '../plan/undo-plan.ts';
import type { RunMemory } from '../transaction/host-scripts.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { HostResult } from './events.ts';
import { isOwn, type StageIndex } from './stage-item.ts';

export interface UndoHost {
  readonly target: HostTarget;
  readonly stages: readonly StageIndex[];
  /** How the run ended there, if known. */
  readonly result?: HostResult;
  /** Ids of the only changes of the stage `main` that are left to undo. */
  readonly left?: readonly string[];
  /** Which machine it was when the run changed it, if known. */
  readonly machine?: string;
}

/** What is still to be undone. */
export function questionOf(host: UndoHost, { decision, begun, applied, undone }: RunMemory) {
  const all = idsOf({ ...host, left: undefined });
  const ids = idsOf(host).filter((id) => begun.has(id) && !(decision === 'undone' && undone.has(id)));
  const others = decision === '' ? [] : all.filter((id) => !ids.includes(id));
  return { ids, others, unsure: new Set(ids.filter((id) => !applied.has(id))) };
}

/** The ids of the effects of the stage `main` that are left to undo, by the record. */
export function idsOf({
  stages,
  left,
}: {
  readonly stages: readonly StageIndex[];
  readonly left?: readonly string[] | undefined;
}) {
  const main = stages.find(({ name }) => isArmedStage(name));
  return Object.entries(main?.items ?? {})
    .filter(([id, item]) => isOwn(item) && (left === undefined || left.includes(id)))
    .map(([id]) => id);
}

interface Held {
  readonly memory: RunMemory;
  readonly stages: readonly StageIndex[];
  readonly stored: boolean;
}

/**
 * What a host has of a run. A stage is recorded before it is stored, so an interrupted run may have stored less, and
 * then has changed nothing there either. If the run's folder is gone, the record tells what there was.
 */
export function heldBy(
  host: UndoHost,
  run: string,
  memory: RunMemory | undefined,
  facts: Facts,
  packages: boolean,
): Held {
  const asked = host.stages.filter(({ name }) => isUndoneStage(name, packages));
  if (memory !== undefined) {
    return { memory, stages: asked.filter(({ name }) => memory.stages.includes(name)), stored: true };
  }
  const nothing = {
    stages: [],
    begun: new Set<string>(),
    applied: new Set<string>(),
    undone: new Set<string>(),
  };
  // Without a result there is no sign that anything was ever stored there.
  if (host.result === undefined) return { memory: { ...nothing, decision: '' }, stages: [], stored: true };
  if (asked.some(({ name }) => !isArmedStage(name))) throw gone(host, run, facts);
  const all = new Set(idsOf(host));
  return {
    memory: { ...nothing, decision: 'confirmed', begun: all, applied: all },
    stages: asked,
    stored: false,
  };
}

/** Whether nothing of a run is left to undo, so that losing its undo does no harm. */
export function asBefore({ stages }: UndoHost, { items }: UndoPlan): boolean {
  const main = stages.find(({ name }) => isArmedStage(name))?.items ?? {};
  return items.every(({ id, verdict }) => verdict === 'as-before' || main[id]?.stays);
}

/** A host that has nothing of the run and another machine id was reinstalled or replaced. */
export function gone({ target, machine }: UndoHost, run: string, facts: Facts): RunError {
  const now = facts.find(osFact)?.machine;
  const another = machine !== undefined && now !== undefined && machine !== now;
  const message = another
    ? `this is not the machine that run ${run} changed`
    : `the files to undo run ${run} are gone from /var/lib/meshbook/transactions`;
  return new RunError('state', message, {
    host: target.name,
    hint: `to no longer offer it for undo: meshbook runs forget ${run} --limit ${target.name}`,
  });
}
