import { createHash } from 'node:crypto';
import type { Json } from '../json/json.ts';
import { sortedKeys } from '../json/records.ts';
import type { SavedHead, SavedHost } from './saved-plan.ts';

/** What of a saved plan's head has to do with its hosts. */
type Play = Pick<SavedHead, 'checks' | 'onFailure'>;

/** What of a host counts: how it is reached, whom it is joined with, and what its plan does and starts from. */
type Bound = Pick<SavedHost, 'name' | 'address' | 'ssh' | 'become' | 'overlays' | 'plan'>;

/**
 * A SHA-256 of all that a saved plan does on a host, of how the host is reached and of the checks on it. A plan holds the
 * states that it starts from, so two are equal exactly when what they depend on is: a fact that no step looks at changes
 * nothing. No secret is in it.
 */
export function fingerprintOf({ checks, onFailure }: Play, host: Bound): string {
  const { name, address, ssh, become, overlays, plan } = host;
  const own = checks.flatMap(({ hosts, ...check }) =>
    Object.hasOwn(hosts, name) ? [{ ...check, params: hosts[name] }] : [],
  );
  return (
    createHash('sha256')
      .update(JSON.stringify({ name, address, ssh, become, onFailure, overlays }))
      // An apply makes these anew, with keys in an order of its own.
      .update(JSON.stringify(sortedKeys({ steps: plan, checks: own } as unknown as Json)))
      .digest('hex')
  );
}
