import { naturalOrder } from './natural-order.ts';

/** What allocation gave a host in an overlay; a value that the inventory overrides is absent. */
export interface Lease {
  /** Without a prefix length, so that a wider `cidr` changes no lease. */
  readonly bridgeAddress?: string;
  readonly fixedCidr?: string;
}

/** By host, also of hosts that are no longer members: their values stay reserved. */
export type OverlayLeases = ReadonlyMap<string, Lease>;

/** By overlay. */
export type Leases = ReadonlyMap<string, OverlayLeases>;

export interface LeaseChange {
  readonly overlay: string;
  readonly host: string;
  /** Absent: the host had none. Only values that change. */
  readonly before?: Lease;
  /** Absent: the lease is given up. Only values that change. */
  readonly after?: Lease;
}

/** The leases with an overlay's replaced by what an allocation says they are now. */
export function withLeases(
  leases: Leases,
  overlay: string,
  allocation: { readonly leases: OverlayLeases },
): Leases {
  return new Map([...leases, [overlay, allocation.leases]]);
}

/** What writing `after` over `before` would change, in natural order: shown by `plan`, refused by `--locked`. */
export function diffLeases(before: Leases, after: Leases): LeaseChange[] {
  return union(before, after).flatMap((overlay) => {
    const old = before.get(overlay) ?? new Map<string, Lease>();
    const now = after.get(overlay) ?? new Map<string, Lease>();
    return union(old, now).flatMap((host) => {
      const was = changedFields(old.get(host), now.get(host));
      const is = changedFields(now.get(host), old.get(host));
      if (!was && !is) return [];
      return [{ overlay, host, ...(was && { before: was }), ...(is && { after: is }) }];
    });
  });
}

function union(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return naturalOrder(new Set([...a.keys(), ...b.keys()]));
}

/** The fields of a lease that another doesn't have alike. */
function changedFields(lease: Lease | undefined, other: Lease | undefined): Lease | undefined {
  const { bridgeAddress, fixedCidr } = lease ?? {};
  const bridge = bridgeAddress !== undefined && bridgeAddress !== other?.bridgeAddress;
  const fixed = fixedCidr !== undefined && fixedCidr !== other?.fixedCidr;
  if (!bridge && !fixed) return undefined;
  return { ...(bridge && { bridgeAddress }), ...(fixed && { fixedCidr }) };
}
