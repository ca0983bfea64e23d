import { createHash } from 'node:crypto';
import type { Json } from '../facts/fact.ts';
import { sortedKeys } from '../facts/records.ts';
import type { HostPlan } from './host-plan.ts';
import { withoutSecrets } from './open-plan.ts';

/** A check as far as one host takes part in it. */
interface CheckOnHosts {
  readonly hosts: Readonly<Record<string, unknown>>;
}

/**
 * A SHA-256 of all that a host's plan and the checks on it say but their secrets. A plan holds the states that it starts from, so two are
 * equal exactly when what they depend on is: a fact that no step looks at changes nothing.
 */
export function fingerprintOf(plan: HostPlan, checks: readonly CheckOnHosts[]): string {
  const { host, steps } = withoutSecrets(plan);
  const own = checks.flatMap(({ hosts, ...check }) =>
    Object.hasOwn(hosts, host) ? [{ ...check, params: hosts[host] }] : [],
  );
  return createHash('sha256')
    .update(JSON.stringify(sortedKeys({ steps, checks: own } as unknown as Json)))
    .digest('hex');
}
