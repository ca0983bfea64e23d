import { type Change, primitiveOf } from '../changes/registry.ts';
import { type SettleAction, settleOrder } from '../changes/settle.ts';
import { isArmedStage, type StageName, stageNames } from '../changes/stage.ts';
import { InternalError } from '../diagnostics/errors.ts';
import type { HostPlan } from '../plan/host-plan.ts';

export type { StageName } from '../changes/stage.ts';

/** A change with its number in the stage (from 1) and the step that it comes from. */
export interface NumberedChange {
  readonly id: string;
  readonly step: number;
  readonly stepName: string;
  readonly change: Change;
  /** What it prints may hold secrets that only its playbook knows. */
  readonly secret?: true;
}

/** A settle action with its id in the stage and the changes that asked for it. */
export interface NumberedSettle {
  readonly id: string;
  readonly action: SettleAction;
  readonly after: readonly string[];
}

/** What one host program does: changes, and settle actions among them, in order. */
export interface Stage {
  readonly name: StageName;
  readonly changes: readonly NumberedChange[];
  readonly settles: readonly NumberedSettle[];
  /** Ids of both, in the order in which apply runs them. */
  readonly order: readonly string[];
}

/**
 * Splits a plan into stages; one without changes is left out. Settle actions run once, at the end, or
 * before the next change that may depend on what they bring about.
 */
export function stagesOf(plan: HostPlan): Stage[] {
  const byStage = new Map(stageNames.map((name): [StageName, NumberedChange[]] => [name, []]));
  for (const { index: step, name: stepName, changes, secret } of plan.steps) {
    for (const change of changes) {
      const items = byStage.get(primitiveOf(change).stage) ?? [];
      items.push({ id: `${items.length + 1}`, step, stepName, change, ...(secret ? { secret } : {}) });
    }
  }
  return [...byStage].flatMap(([name, changes]) => (changes.length > 0 ? [stage(name, changes)] : []));
}

/** @throws InternalError: what may cut the host off runs armed only. */
function stage(name: StageName, changes: readonly NumberedChange[]): Stage {
  if (!isArmedStage(name) && changes.some(({ change }) => change.risks?.includes('ssh-path'))) {
    throw new InternalError(`a change that touches the way of SSH would run unarmed, in stage ${name}`);
  }
  const settles: NumberedSettle[] = [];
  const order: string[] = [];
  let waiting = new Map<SettleAction, string[]>();
  const flush = () => {
    for (const action of settleOrder(waiting.keys())) {
      const id = `s${settles.length + 1}`;
      settles.push({ id, action, after: waiting.get(action) ?? [] });
      order.push(id);
    }
    waiting = new Map();
  };
  for (const { id, change } of changes) {
    if (primitiveOf(change).needsSettled) flush();
    order.push(id);
    for (const action of change.settle ?? []) waiting.set(action, [...(waiting.get(action) ?? []), id]);
  }
  flush();
  return { name, changes, settles, order };
}
