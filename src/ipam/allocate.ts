import { type Checked, hasErrors } from '../diagnostics/diagnostic.ts';
import type { Host, OverlaySpec } from '../model/types.ts';
import { formatAddress } from '../net/address.ts';
import { freeBlocks, type Interval, merged } from './intervals.ts';
import { keptLeases } from './kept-leases.ts';
import type { Lease, OverlayLeases } from './leases.ts';
import { naturalOrder } from './natural-order.ts';
import { readOverrides } from './overrides.ts';
import { intervalOf, readSpace } from './space.ts';
import { tooFewBridges, tooFewRanges } from './too-small.ts';

export interface HostAllocation {
  /** With the overlay's own prefix length, for example `10.11.12.1/24`. */
  readonly bridgeAddress: string;
  /** The host's range for containers, for example `10.11.12.16/28`. */
  readonly fixedCidr: string;
}

export interface Allocation {
  /** Every requested host, in natural order. */
  readonly hosts: ReadonlyMap<string, HostAllocation>;
  /** The leases to keep for the next run, including those of hosts that weren't requested. */
  readonly leases: OverlayLeases;
  /** Those of them that are new. */
  readonly newLeases: OverlayLeases;
}

/**
 * Allocates to every host of an overlay a bridge address and a range for its containers.
 *
 * The result depends on the overlay, the set of hosts and the leases, never on order. Values in the inventory take
 * precedence, then leases, then the lowest free value, in natural order of host names. Ranges don't overlap each other
 * or bridge_range and contain no bridge address, and no bridge gets the overlay's network or broadcast address or the
 * first address of bridge_range (addresses count from .1) unless the inventory says so.
 */
export function allocate(
  spec: OverlaySpec,
  hosts: readonly Host[],
  leases: OverlayLeases = new Map(),
): Checked<Allocation> {
  const { value: space, diagnostics: spaceDiagnostics } = readSpace(spec);
  if (space === undefined) return { diagnostics: spaceDiagnostics };
  const { overrides, diagnostics: overrideDiagnostics } = readOverrides(spec, space, hosts);
  const kept = keptLeases(spec, space, overrides, leases);
  const diagnostics = [...overrideDiagnostics, ...kept.diagnostics];

  const names = naturalOrder(hosts.map((host) => host.name));
  const overlay = intervalOf(space.cidr);
  const bridgeSpan = intervalOf(space.bridgeRange);
  const fixedBridges = [...overrides.values()].flatMap((override) => override.bridge?.address ?? []);

  const forBridges = merged(
    [overlay.first, overlay.last, bridgeSpan.first, ...fixedBridges, ...kept.bridges.values()].map(single),
  );
  const bridges = fill(
    names.filter((name) => !overrides.get(name)?.hasBridgeAddress),
    kept.bridges,
    freeBlocks(bridgeSpan, 1, forBridges),
    ({ first }) => first,
  );
  if (bridges.missing > 0) diagnostics.push(tooFewBridges(spec, space, bridges));

  const forRanges = merged([
    bridgeSpan,
    ...fixedBridges.map(single),
    ...[...overrides.values()].flatMap((override) => override.fixed ?? []),
    ...kept.ranges.values(),
  ]);
  const ranges = fill(
    names.filter((name) => !overrides.get(name)?.hasFixedCidr),
    kept.ranges,
    freeBlocks(overlay, 2 ** (32 - space.subnetPrefix), forRanges),
    (range) => range,
  );
  if (ranges.missing > 0) diagnostics.push(tooFewRanges(spec, space, ranges));
  if (hasErrors(diagnostics)) return { diagnostics };

  const rangeText = (range: Interval) => `${dotted(range.first)}/${space.subnetPrefix}`;
  const lease = (of: Given) => leasesOf(of, rangeText);
  const allocated = names.map((name): [string, HostAllocation] => {
    const override = overrides.get(name);
    const bridge = override?.bridge?.address ?? (bridges.values.get(name) as number);
    const fixedCidr = override?.fixed?.text ?? rangeText(ranges.values.get(name) as Interval);
    return [name, { bridgeAddress: `${dotted(bridge)}/${space.cidr.prefix}`, fixedCidr }];
  });
  return {
    value: {
      hosts: new Map(allocated),
      leases: lease({
        bridges: new Map([...kept.bridges, ...bridges.fresh]),
        ranges: new Map([...kept.ranges, ...ranges.fresh]),
      }),
      newLeases: lease({ bridges: bridges.fresh, ranges: ranges.fresh }),
    },
    diagnostics,
  };
}

/** What hosts have, by name. */
interface Given {
  readonly bridges: ReadonlyMap<string, number>;
  readonly ranges: ReadonlyMap<string, Interval>;
}

function leasesOf({ bridges, ranges }: Given, rangeText: (range: Interval) => string): OverlayLeases {
  const names = naturalOrder(new Set([...bridges.keys(), ...ranges.keys()]));
  return new Map(
    names.map((name): [string, Lease] => {
      const bridge = bridges.get(name);
      const range = ranges.get(name);
      const lease = {
        ...(bridge !== undefined && { bridgeAddress: dotted(bridge) }),
        ...(range && { fixedCidr: rangeText(range) }),
      };
      return [name, lease];
    }),
  );
}

/** What each name gets: its lease, or the next free value. */
export interface Filled<T> {
  readonly values: ReadonlyMap<string, T>;
  /** Those of `values` without a lease. */
  readonly fresh: ReadonlyMap<string, T>;
  readonly wanted: number;
  /** The number of names that got nothing. */
  readonly missing: number;
  /** Hosts with leases that aren't among the names. */
  readonly others: readonly string[];
}

function fill<T>(
  names: readonly string[],
  leased: ReadonlyMap<string, T>,
  free: Generator<Interval>,
  toValue: (block: Interval) => T,
): Filled<T> {
  const values = new Map<string, T>();
  const fresh = new Map<string, T>();
  let missing = 0;
  for (const name of names) {
    const lease = leased.get(name);
    if (lease !== undefined) {
      values.set(name, lease);
      continue;
    }
    const block = free.next();
    if (block.done) {
      missing++;
      continue;
    }
    const value = toValue(block.value);
    values.set(name, value);
    fresh.set(name, value);
  }
  const others = [...leased.keys()].filter((name) => !values.has(name));
  return { values, fresh, wanted: names.length, missing, others };
}

function single(address: number): Interval {
  return { first: address, last: address };
}

function dotted(address: number): string {
  return formatAddress({ version: 4, value: BigInt(address) });
}
