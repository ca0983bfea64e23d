import { RunError } from '../../diagnostics/errors.ts';
import type { Resolution } from '../../resolve/resolve-play.ts';

/** @throws RunError if `--locked` is given and the overlays need leases that aren't in the leases file. */
export function refuseNewLeases(options: { readonly locked?: boolean }, { leaseChanges }: Resolution): void {
  if (!options.locked || leaseChanges.length === 0) return;
  const hosts = leaseChanges.map(({ overlay, host }) => `${overlay}: ${host}`).join(', ');
  throw new RunError('state', `--locked refuses new leases (${hosts})`, {
    hint: 'apply once without --locked and commit the leases file',
  });
}
