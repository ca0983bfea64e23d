import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OverlaySpec } from '../model/types.ts';
import { parseAddress } from '../net/address.ts';
import { parseCidr } from '../net/cidr.ts';
import { type Interval, meets, merged } from './intervals.ts';
import type { OverlayLeases } from './leases.ts';
import { naturalOrder } from './natural-order.ts';
import type { Override } from './overrides.ts';
import { intervalOf, type Space } from './space.ts';

export interface KeptLeases {
  /** By host: its bridge's address as a number. */
  readonly bridges: ReadonlyMap<string, number>;
  /** By host: its containers' range. */
  readonly ranges: ReadonlyMap<string, Interval>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The leases that the overlay could still have given: with its subnet_prefix, in its cidr, without overlap with what
 * the inventory fixes. The others are dropped, with one warning for all. A wider cidr therefore renumbers nobody.
 */
export function keptLeases(
  spec: OverlaySpec,
  space: Space,
  overrides: ReadonlyMap<string, Override>,
  leases: OverlayLeases,
): KeptLeases {
  const { cidr, bridgeRange, subnetPrefix } = space;
  const overlay = intervalOf(cidr);
  const bridgeSpan = intervalOf(bridgeRange);
  const fixed = [...overrides.values()].flatMap((override) => override.fixed ?? []);
  const bridges = [...overrides.values()].flatMap((override) => override.bridge?.address ?? []);
  const reserved = merged([
    bridgeSpan,
    ...fixed,
    ...bridges.map((address) => ({ first: address, last: address })),
  ]);
  const takenAddresses = new Set([overlay.first, overlay.last, ...bridges]);
  const takenRanges = new Set<number>();
  const kept = { bridges: new Map<string, number>(), ranges: new Map<string, Interval>() };
  const dropped: string[] = [];

  for (const host of naturalOrder(leases.keys())) {
    const { bridgeAddress, fixedCidr } = leases.get(host) ?? {};
    const override = overrides.get(host);
    if (bridgeAddress !== undefined && !override?.hasBridgeAddress) {
      const { value } = parseAddress(bridgeAddress);
      const address = value?.version === 4 ? Number(value.value) : -1;
      if (address < bridgeSpan.first || address > bridgeSpan.last || takenAddresses.has(address)) {
        dropped.push(`${bridgeAddress} of '${host}'`);
      } else {
        takenAddresses.add(address);
        kept.bridges.set(host, address);
      }
    }
    if (fixedCidr !== undefined && !override?.hasFixedCidr) {
      const { value } = parseCidr(fixedCidr);
      const range = value?.version === 4 && value.prefix === subnetPrefix ? intervalOf(value) : undefined;
      const inside = range && range.first >= overlay.first && range.last <= overlay.last;
      if (!inside || takenRanges.has(range.first) || meets(reserved, range)) {
        dropped.push(`${fixedCidr} of '${host}'`);
      } else {
        takenRanges.add(range.first);
        kept.ranges.set(host, range);
      }
    }
  }
  return { ...kept, diagnostics: dropped.length > 0 ? [droppedLeases(spec, dropped)] : [] };
}

/** How many hosts are named. */
const most = 6;

function droppedLeases(spec: OverlaySpec, dropped: readonly string[]): Diagnostic {
  const shown = dropped.slice(0, dropped.length > most ? most - 1 : most).join(', ');
  const more = dropped.length > most ? `, and ${dropped.length - most + 1} more` : '';
  return {
    severity: 'warning',
    code: 'lease-dropped',
    message: `overlay '${spec.name}' gives hosts new addresses, because these leases no longer fit its ranges or the inventory: ${shown}${more}`,
    range: spec.at(),
    hint: 'if that is intended, do nothing; otherwise revert the change of cidr, bridge_range, subnet_prefix or fixed_cidr',
  };
}
