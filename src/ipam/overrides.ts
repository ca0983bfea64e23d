import type { Code } from '../diagnostics/codes/registry.ts';
import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import type { Host, OverlaySpec } from '../model/types.ts';
import { formatAddress, parseAddress } from '../net/address.ts';
import { contains, containsCidr, formatCidr, overlaps, parseCidr, usableRange } from '../net/cidr.ts';
import { parseInterfaceAddress } from '../net/interface-address.ts';
import type { Interval } from './intervals.ts';
import { intervalOf, type Space } from './space.ts';

/** What the inventory fixes for one host. */
export interface Override {
  readonly host: string;
  /** True even if the value was refused: none is allocated then. */
  readonly hasFixedCidr: boolean;
  readonly hasBridgeAddress: boolean;
  readonly fixed?: Interval & { readonly text: string; readonly at: SourceRange };
  readonly bridge?: { readonly address: number; readonly at: SourceRange };
}

/** Reads every host's override, and reports each that is out of range, malformed or in conflict with another. */
export function readOverrides(
  spec: OverlaySpec,
  space: Space,
  hosts: readonly Host[],
): { overrides: ReadonlyMap<string, Override>; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const overrides = new Map<string, Override>();
  for (const host of hosts) {
    const override = readOverride(spec, space, host, diagnostics);
    if (override) overrides.set(host.name, override);
  }
  const all = [...overrides.values()];
  diagnostics.push(
    ...overlappingRanges(spec, all),
    ...duplicateAddresses(spec, all),
    ...heldAddresses(spec, all),
  );
  return { overrides, diagnostics };
}

function readOverride(
  spec: OverlaySpec,
  space: Space,
  host: Host,
  diagnostics: Diagnostic[],
): Override | undefined {
  if (!Object.hasOwn(host.overlays, spec.name)) return undefined;
  const override = host.overlays[spec.name];
  if (override === undefined) return undefined;
  const { fixedCidr, bridgeAddress } = override;
  const report = (key: 'fixed_cidr' | 'bridge_address') => (code: Code, problem: string, hint?: string) => {
    const message = `${key} of host '${host.name}' in overlay '${spec.name}': ${problem}`;
    diagnostics.push({ severity: 'error', code, message, range: override.at(key), ...(hint && { hint }) });
    return undefined;
  };
  const fixed = fixedCidr === undefined ? undefined : readFixedCidr(space, fixedCidr, report('fixed_cidr'));
  const address =
    bridgeAddress === undefined
      ? undefined
      : readBridgeAddress(space, bridgeAddress, report('bridge_address'));
  return {
    host: host.name,
    hasFixedCidr: fixedCidr !== undefined,
    hasBridgeAddress: bridgeAddress !== undefined,
    ...(fixed && { fixed: { ...fixed, at: override.at('fixed_cidr') } }),
    ...(address !== undefined && { bridge: { address, at: override.at('bridge_address') } }),
  };
}

type Report = (code: Code, problem: string, hint?: string) => undefined;

function readFixedCidr(
  space: Space,
  text: string,
  report: Report,
): (Interval & { text: string }) | undefined {
  const { value, error } = parseCidr(text);
  if (error !== undefined) return report('invalid-cidr', error);
  if (!containsCidr(space.cidr, value)) {
    return report(
      'fixed-cidr-outside',
      `${text} doesn't lie in the overlay's cidr ${formatCidr(space.cidr)}`,
    );
  }
  if (overlaps(space.bridgeRange, value)) {
    return report(
      'fixed-cidr-overlap',
      `${text} overlaps the overlay's bridge_range ${formatCidr(space.bridgeRange)}`,
      'choose another range, or set bridge_range to one that no container uses',
    );
  }
  return { ...intervalOf(value), text: formatCidr(value) };
}

function readBridgeAddress(space: Space, text: string, report: Report): number | undefined {
  const bare = text.indexOf('/') < 0;
  const withPrefix = bare ? `${text}/${space.cidr.prefix}` : text;
  const address = parseAddress(text.slice(0, bare ? undefined : text.indexOf('/')));
  if (address.error !== undefined) return report('invalid-address', address.error);
  if (!contains(space.cidr, address.value)) {
    return report(
      'bridge-address-outside',
      `${text} doesn't lie in the overlay's cidr ${formatCidr(space.cidr)}`,
    );
  }
  const parsed = parseInterfaceAddress(withPrefix);
  const wrong =
    parsed.error ??
    (parsed.value.prefix !== space.cidr.prefix ? `${text} has another prefix length` : undefined);
  if (wrong !== undefined) {
    const { first, last } = usableRange(space.cidr);
    const span = `${formatAddress({ version: 4, value: first })} to ${formatAddress({ version: 4, value: last })}`;
    return report(
      'invalid-address',
      wrong,
      `an address from ${span}, with /${space.cidr.prefix} or without it`,
    );
  }
  return Number(address.value.value);
}

/** Sorted by their beginning, a range that overlaps any earlier one overlaps the one that reaches furthest. */
function overlappingRanges(spec: OverlaySpec, overrides: readonly Override[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let furthest: { host: string; text: string; last: number } | undefined;
  const ranges = overrides.flatMap(({ host, fixed }) => (fixed ? [{ host, ...fixed }] : []));
  for (const range of ranges.sort((a, b) => a.first - b.first)) {
    if (furthest && range.first <= furthest.last) {
      diagnostics.push({
        severity: 'error',
        code: 'fixed-cidr-overlap',
        message: `fixed_cidr ${range.text} of host '${range.host}' in overlay '${spec.name}' overlaps ${furthest.text} of host '${furthest.host}'`,
        range: range.at,
        hint: 'two containers would get the same address; leave fixed_cidr out to get a free range',
      });
    }
    if (!furthest || range.last > furthest.last) furthest = range;
  }
  return diagnostics;
}

function duplicateAddresses(spec: OverlaySpec, overrides: readonly Override[]): Diagnostic[] {
  const owners = new Map<number, string>();
  return overrides.flatMap(({ host, bridge }) => {
    if (!bridge) return [];
    const owner = owners.get(bridge.address);
    if (owner === undefined) {
      owners.set(bridge.address, host);
      return [];
    }
    const address = formatAddress({ version: 4, value: BigInt(bridge.address) });
    const message = `hosts '${owner}' and '${host}' have the same bridge_address ${address} in overlay '${spec.name}'`;
    return [{ severity: 'error', code: 'bridge-address-duplicate', message, range: bridge.at } as const];
  });
}

/** Docker knows only its own bridge's address, and would give another host's to a container. */
function heldAddresses(spec: OverlaySpec, overrides: readonly Override[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const bridges = overrides.flatMap(({ host, bridge }) => (bridge ? [{ host, ...bridge }] : []));
  const ranges = overrides.flatMap(({ host, fixed }) => (fixed ? [{ host, ...fixed }] : []));
  bridges.sort((a, b) => a.address - b.address);
  ranges.sort((a, b) => a.first - b.first);
  let next = 0;
  for (const bridge of bridges) {
    while (next < ranges.length && (ranges[next] as Interval).last < bridge.address) next++;
    const range = ranges[next];
    if (!range || range.first > bridge.address || range.host === bridge.host) continue;
    const address = formatAddress({ version: 4, value: BigInt(bridge.address) });
    diagnostics.push({
      severity: 'error',
      code: 'bridge-address-in-range',
      message: `bridge_address ${address} of host '${bridge.host}' in overlay '${spec.name}' lies in fixed_cidr ${range.text} of host '${range.host}'`,
      range: bridge.at,
      hint: `Docker on '${range.host}' would give that address to a container`,
    });
  }
  return diagnostics;
}
