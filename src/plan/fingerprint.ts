import { createHash } from 'node:crypto';
import type { Json } from '../facts/fact.ts';
import { sortedKeys } from '../facts/records.ts';
import type { HostPlan } from './host-plan.ts';
import { withoutSecrets } from './open-plan.ts';

/**
 * A SHA-256 of all that a host's plan says but its secrets. A plan holds the states that it starts from, so two are
 * equal exactly when what they depend on is: a fact that no step looks at changes nothing.
 */
export function fingerprintOf(plan: HostPlan): string {
  const { steps } = withoutSecrets(plan);
  return createHash('sha256')
    .update(JSON.stringify(sortedKeys(steps as unknown as Json)))
    .digest('hex');
}
