import { naturalOrder } from './natural-order.ts';

/** What allocation gave a host in an overlay; a value that the inventory overrides is absent. */
export interface Lease {
  /** Without a prefix length, so that a wider `cidr` changes no lease. */
  readonly bridgeAddress?: string;
  readonly fixedCidr?: string;
  /**
   * Bridge addresses that the host was leased before and that a bridge of its may still have. By them meshbook knows
   * them for its own, also on a controller that has no record of the run that gave them.
   */
  readonly replaced?: readonly string[];
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

/**
 * The leases with an overlay's replaced by what an allocation says they are now. Bridge addresses that are leased no
 * longer are kept among the `replaced`.
 */
export function withLeases(
  leases: Leases,
  overlay: string,
  allocation: { readonly leases: OverlayLeases },
): Leases {
  return new Map([...leases, [overlay, withReplaced(leases.get(overlay) ?? new Map(), allocation.leases)]]);
}

function withReplaced(before: OverlayLeases, after: OverlayLeases): OverlayLeases {
  const kept = [...before].flatMap(([host, { bridgeAddress: old, replaced = [] }]): [string, Lease][] => {
    const { replaced: _, ...now } = after.get(host) ?? {};
    const gone = new Set([...replaced, ...(old === undefined ? [] : [old])]);
    if (now.bridgeAddress !== undefined) gone.delete(now.bridgeAddress);
    return gone.size === 0 ? [] : [[host, { ...now, replaced: [...gone] }]];
  });
  return new Map([...after, ...kept]);
}

/**
 * The leases without those of the `replaced` addresses that are known to be gone: by host, `has` says whether any
 * interface has an address; undefined where that isn't known.
 */
export function withoutGone(
  leases: Leases,
  has: (host: string, address: string) => boolean | undefined,
): Leases {
  const ofHost = (host: string, { replaced = [], ...lease }: Lease): Lease => {
    const left = replaced.filter((address) => has(host, address) !== false);
    return left.length === 0 ? lease : { ...lease, replaced: left };
  };
  return new Map(
    [...leases].map(([overlay, hosts]) => [
      overlay,
      new Map(
        [...hosts].flatMap(([host, lease]): [string, Lease][] => {
          const now = ofHost(host, lease);
          return Object.keys(now).length === 0 ? [] : [[host, now]];
        }),
      ),
    ]),
  );
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
