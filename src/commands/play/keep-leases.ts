import { interfacesFact } from '../../facts/interfaces.ts';
import { type Leases, withoutGone } from '../../ipam/leases.ts';
import { formatLeases, writeLeases } from '../../ipam/leases-file.ts';
import type { KnownHost } from '../../plan/plan-hosts.ts';

interface Kept {
  readonly leasesPath: string;
  /** As in the file. */
  readonly leases: Leases;
}

/**
 * Writes the leases of an apply before any host is changed. Replaced addresses that their host no longer has, by its
 * facts, are dropped: whoever sets one later is someone else. Writes nothing if the file would not change. @throws
 * RunError if it can't be written.
 */
export async function keepLeases(
  { leasesPath, leases: before }: Kept,
  after: Leases,
  hosts: readonly KnownHost[],
): Promise<void> {
  const facts = new Map(hosts.map((host) => [host.resolved.host.name, host.facts]));
  const kept = withoutGone(after, (host, address) => {
    const links = facts.get(host)?.find(interfacesFact);
    return links?.some((link) => link.addresses.some((one) => one.startsWith(`${address}/`)));
  });
  if (formatLeases(kept) !== formatLeases(before)) await writeLeases(leasesPath, kept);
}
