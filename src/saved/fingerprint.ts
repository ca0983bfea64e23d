import { createHash } from 'node:crypto';
import type { Json } from '../json/json.ts';
import { sortedKeys } from '../json/records.ts';
import type { SavedHead, SavedHost } from './saved-plan.ts';

/** The part of a saved plan's head that concerns its hosts. */
type Play = Pick<SavedHead, 'checks' | 'onFailure'>;

/** The part of a host that counts: how it is reached, its links, and what its plan does and starts from. */
type Bound = Pick<SavedHost, 'name' | 'address' | 'ssh' | 'become' | 'overlays' | 'plan'>;

/**
 * A SHA-256 of everything that a saved plan does on a host, of how the host is reached and of the checks on it. A plan
 * contains the states from which it starts, so two fingerprints are equal exactly if what they depend on is: a fact
 * that no step uses makes no difference. Contains no secret.
 */
export function fingerprintOf({ checks, onFailure }: Play, host: Bound): string {
  const { name, address, ssh, become, overlays, plan } = host;
  const own = checks.flatMap(({ hosts, ...check }) =>
    Object.hasOwn(hosts, name) ? [{ ...check, params: hosts[name] }] : [],
  );
  return (
    createHash('sha256')
      .update(JSON.stringify({ name, address, ssh, become, onFailure, overlays }))
      // An apply makes these again, with keys in another order.
      .update(JSON.stringify(sortedKeys({ steps: plan, checks: own } as unknown as Json)))
      .digest('hex')
  );
}
