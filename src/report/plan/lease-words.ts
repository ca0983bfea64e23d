import type { LeaseChange } from '../../ipam/leases.ts';

/** The change of a lease, as a line. Not escaped. */
export function leaseWords({ overlay, host, after }: LeaseChange): string {
  if (after === undefined) return `${overlay}: ${host} gives its lease up`;
  return `${overlay}: ${host} ${[after.bridgeAddress, after.fixedCidr].filter(Boolean).join(', ')}`;
}
