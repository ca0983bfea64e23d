import type { HostPlan } from '../../src/plan/host-plan.ts';
import { withoutSecrets } from '../../src/plan/open-plan.ts';
import { fingerprintOf } from '../../src/saved/fingerprint.ts';
import { formatPlan } from '../../src/saved/plan-file.ts';
import type { SavedPlan } from '../../src/saved/saved-plan.ts';

/** The fingerprint of a host's plan in a saved plan, without checks. */
export function planSum(plan: HostPlan): string {
  const { host: name } = plan;
  const host = { name, address: '192.0.2.1', ssh: {}, become: false, overlays: [] };
  return fingerprintOf({ checks: [], onFailure: 'undo_all' }, { ...host, plan: withoutSecrets(plan).steps });
}

/** A saved plan as a forger leaves it: every digest in it is right. */
export function forged({ head, hosts }: SavedPlan): string {
  const summed = hosts.map((host) => ({ ...host, fingerprint: fingerprintOf(head, host) }));
  return sealed({ head, hosts: summed });
}

/** The text of its file. */
export function sealed(plan: SavedPlan): string {
  return [...formatPlan(plan)].join('');
}
