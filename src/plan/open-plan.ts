import { type Change, primitiveOf } from '../changes/registry.ts';
import { secrets } from '../secrets/masker.ts';
import type { HostPlan } from './host-plan.ts';

/** The plan without contents of secret files. */
export function withoutSecretContents(plan: HostPlan): HostPlan {
  const open = (change: Change) => (primitiveOf(change).withoutSecrets?.(change) ?? change) as Change;
  return { ...plan, steps: plan.steps.map((step) => ({ ...step, changes: step.changes.map(open) })) };
}

/** The plan with every secret replaced: what may be shown or written to a file. Its views are those of the plan. */
export function withoutSecrets(plan: HostPlan): HostPlan {
  const steps = withoutSecretContents(plan).steps.map((step) => ({
    ...step,
    name: secrets.text(step.name),
    unknowns: secrets.value(step.unknowns),
    changes: secrets.value(step.changes),
    ...(step.settle === undefined ? {} : { settle: secrets.value(step.settle) }),
    ...(step.asks === undefined ? {} : { asks: secrets.value(step.asks) }),
  }));
  return { ...plan, steps };
}
