import { type Change, primitiveOf } from '../changes/registry.ts';
import type { HostPlan } from './host-plan.ts';

/** The plan with every secret replaced: what may be shown or written to a file. Views of it are those of the plan. */
export function withoutSecrets(plan: HostPlan): HostPlan {
  const open = (change: Change) => (primitiveOf(change).withoutSecrets?.(change) ?? change) as Change;
  return { ...plan, steps: plan.steps.map((step) => ({ ...step, changes: step.changes.map(open) })) };
}
