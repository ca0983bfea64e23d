import type { TunnelEnd } from '../changes/change.ts';
import { type Change, type Effect, primitiveOf } from '../changes/registry.ts';
import type { SettleAction } from '../changes/settle/action.ts';
import type { Guard } from '../facts/guard.ts';

/** What one step would do on one host. */
export interface PlannedStep {
  /** The step's index in the playbook; several entries share it under `for_each`. */
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly changes: readonly Change[];
  /** The step's own settle actions, which run once after its changes. Undefined: none. */
  readonly settle?: readonly SettleAction[];
  /** Why the answer is incomplete; empty if it is complete. */
  readonly unknowns: readonly string[];
  /** Guard commands that run on the host. Undefined: none. */
  readonly asks?: readonly Guard[];
  /** It involves secret variables. */
  readonly secret?: true;
  /** It is in no file: it removes what is left over. Its index is the number of the playbook's steps. */
  readonly prune?: true;
}

/** What a run would do on one host, step by step: a value, plain JSON. */
export interface HostPlan {
  readonly host: string;
  readonly steps: readonly PlannedStep[];
}

/** In the order in which they are carried out: what is left over is removed first. */
export function byOrder(
  a: Pick<PlannedStep, 'index' | 'prune'>,
  b: Pick<PlannedStep, 'index' | 'prune'>,
): number {
  return Number(b.prune ?? false) - Number(a.prune ?? false) || a.index - b.index;
}

/** The changes of all steps, in order. */
export function changesOf(plan: HostPlan): Change[] {
  return plan.steps.flatMap((step) => [...step.changes]);
}

/** What a step does, in order. */
export function effectsOf({ changes, settle = [] }: Pick<PlannedStep, 'changes' | 'settle'>): Effect[] {
  return [...changes, ...settle];
}

/** What all steps do, in order. */
export function allEffects(plan: HostPlan): Effect[] {
  return plan.steps.flatMap(effectsOf);
}

/** The changes of our tunnel ends. */
export function tunnelEndsOf(changes: readonly Change[]): TunnelEnd[] {
  return changes.flatMap((change) => primitiveOf(change).tunnelEnds(change));
}

/** Whether the plan certainly does nothing: no change and nothing unknown. */
export function isEmpty(plan: HostPlan): boolean {
  return plan.steps.every((step) => answerOf(step) === 'no_change');
}

/** The three answers of a plan. */
export type Answer = 'change' | 'no_change' | 'unknown';

/** A step's answer; if anything is unknown, it is that, whatever changes are known. */
export function answerOf(step: PlannedStep): Answer {
  if (step.unknowns.length > 0) return 'unknown';
  return effectsOf(step).length > 0 ? 'change' : 'no_change';
}
