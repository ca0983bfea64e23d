import { naturalOrder } from './natural-order.ts';

/** What was allocated to a host in an overlay; a value that the inventory overrides is undefined. */
export interface Lease {
  /** Without a prefix length, so that a wider `cidr` changes no lease. */
  readonly bridgeAddress?: string;
  readonly fixedCidr?: string;
  /**
   * Bridge addresses that the host was leased earlier and that one of its bridges may still have. They let meshbook
   * recognise them as its own, even on a controller without a record of that run.
   */
  readonly replaced?: readonly string[];
}

/** By host, including hosts that are no longer members: their values stay reserved. */
export type OverlayLeases = ReadonlyMap<string, Lease>;

/** By overlay. */
export type Leases = ReadonlyMap<string, OverlayLeases>;

export interface LeaseChange {
  readonly overlay: string;
  readonly host: string;
  /** Undefined: the host had none. Only values that change. */
  readonly before?: Lease;
  /** Undefined: the lease is dropped. Only values that change. */
  readonly after?: Lease;
}

/**
 * The leases after an allocation has replaced those of an overlay. Bridge addresses that are no longer leased move to
 * `replaced`.
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
 * The leases without `replaced` addresses that are known to be gone: `has` says by host whether any interface has an
 * address; undefined if unknown.
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

/** The changes from `before` to `after`, in natural order: shown by `plan`, refused by `--locked`. */
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

/** The fields of a lease that differ from another's. */
function changedFields(lease: Lease | undefined, other: Lease | undefined): Lease | undefined {
  const { bridgeAddress, fixedCidr } = lease ?? {};
  const bridge = bridgeAddress !== undefined && bridgeAddress !== other?.bridgeAddress;
  const fixed = fixedCidr !== undefined && fixedCidr !== other?.fixedCidr;
  if (!bridge && !fixed) return undefined;
  return { ...(bridge && { bridgeAddress }), ...(fixed && { fixedCidr }) };
}
