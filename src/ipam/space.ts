import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OverlaySpec } from '../model/types.ts';
import { type Cidr, containsCidr, formatCidr, lastOf, parseCidr, subnetAt } from '../net/cidr.ts';
import type { Interval } from './intervals.ts';

/** The numbers of an overlay that allocation uses. */
export interface Space {
  readonly cidr: Cidr;
  readonly bridgeRange: Cidr;
  /** Prefix length of each host's range for containers. */
  readonly subnetPrefix: number;
}

/** Reads an overlay's ranges; overrides of hosts are checked elsewhere. */
export function readSpace(spec: OverlaySpec): Checked<Space> {
  const { value: cidr, diagnostics } = readIpv4(spec, 'cidr', spec.cidr);
  if (cidr === undefined) return { diagnostics };
  const problem = subnetPrefixProblem(spec, cidr);
  if (problem) return { diagnostics: [problem] };
  const bridgeRange = readBridgeRange(spec, cidr);
  if (bridgeRange.value === undefined) return { diagnostics: bridgeRange.diagnostics };
  return { value: { cidr, bridgeRange: bridgeRange.value, subnetPrefix: spec.subnetPrefix }, diagnostics };
}

function readIpv4(spec: OverlaySpec, key: string, text: string): Checked<Cidr> {
  const parsed = parseCidr(text);
  const error =
    parsed.error ??
    (parsed.value.version === 6
      ? `'${text}' is IPv6; Docker's fixed-cidr, which it is for, is IPv4`
      : undefined);
  if (error === undefined) return { value: parsed.value as Cidr, diagnostics: [] };
  const message = `${key} of overlay '${spec.name}': ${error}`;
  return { diagnostics: [{ severity: 'error', code: 'invalid-cidr', message, range: spec.at(key) }] };
}

/** At least two ranges, one of them for bridges; at most /30, the smallest with room for a host and its neighbour. */
function subnetPrefixProblem(spec: OverlaySpec, cidr: Cidr): Diagnostic | undefined {
  if (spec.subnetPrefix > cidr.prefix && spec.subnetPrefix <= 30) return undefined;
  const fitting =
    cidr.prefix < 30 ? `use a number from ${cidr.prefix + 1} to 30` : 'use a wider cidr, such as a /24';
  return {
    severity: 'error',
    code: 'subnet-prefix',
    message: `subnet_prefix ${spec.subnetPrefix} doesn't divide overlay '${spec.name}' (${formatCidr(cidr)}) into ranges for its hosts`,
    range: spec.at('subnet_prefix'),
    hint: fitting,
  };
}

function readBridgeRange(spec: OverlaySpec, cidr: Cidr): Checked<Cidr> {
  if (spec.bridgeRange === undefined) {
    return { value: subnetAt(cidr, spec.subnetPrefix, 0n), diagnostics: [] };
  }
  const range = readIpv4(spec, 'bridge_range', spec.bridgeRange);
  if (range.value === undefined || containsCidr(cidr, range.value)) return range;
  return {
    diagnostics: [
      {
        severity: 'error',
        code: 'bridge-range-outside',
        message: `bridge_range ${spec.bridgeRange} of overlay '${spec.name}' doesn't lie in its cidr ${formatCidr(cidr)}`,
        range: spec.at('bridge_range'),
        hint: 'the bridges of all hosts share one network, the cidr',
      },
    ],
  };
}

/** IPv4 fits exactly into a number, and numbers are fast. */
export function intervalOf(cidr: Cidr): Interval {
  return { first: Number(cidr.first), last: Number(lastOf(cidr)) };
}
