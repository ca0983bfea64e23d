import { isDeepStrictEqual } from 'node:util';
import { allEffects, type HostPlan } from './host-plan.ts';
import { summaryOf } from './summary.ts';

/** Whether two plans would do exactly the same. */
export function samePlan(a: HostPlan, b: HostPlan): boolean {
  return isDeepStrictEqual(a, b);
}

/**
 * Whether everything in `fresh` is in the `reviewed` plan: changes that are already done may be missing, and states
 * before may differ, but every change must lead to a reviewed state.
 * @returns what differs, or undefined.
 */
export function sameIntent(fresh: HostPlan, reviewed: HostPlan): string | undefined {
  const intents = new Set(allEffects(reviewed).map(intentOf));
  const strange = allEffects(fresh).find((change) => !intents.has(intentOf(change)));
  return strange === undefined ? undefined : `it would ${summaryOf(strange)}`;
}

/** A change without the states before, at any depth, which packages may have changed. */
function intentOf(change: object): string {
  return JSON.stringify(change, (key, value: unknown) => (key === 'before' ? undefined : value));
}
