import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OverlaySpec } from '../model/types.ts';
import { formatCidr, networkOf } from '../net/cidr.ts';
import type { Space } from './space.ts';

/** How many were needed, how many of them got nothing, and which leases of other hosts block some. */
interface Shortage {
  readonly wanted: number;
  readonly missing: number;
  readonly others: readonly string[];
}

/** Too few addresses for bridges; the fix is a larger `bridge_range`. */
export function tooFewBridges(spec: OverlaySpec, space: Space, shortage: Shortage): Diagnostic {
  const { wanted, missing } = shortage;
  let prefix = space.bridgeRange.prefix;
  while (prefix > space.cidr.prefix && 2 ** (32 - prefix) - 2 ** (32 - space.bridgeRange.prefix) < missing)
    prefix--;
  const larger =
    prefix > space.cidr.prefix ? formatCidr(network(space.bridgeRange.first, prefix)) : undefined;
  const mend = larger
    ? `set bridge_range to a larger network, for example ${larger}`
    : `use a wider cidr with a bridge_range of ${wanted} addresses and more`;
  return {
    severity: 'error',
    code: 'overlay-too-small',
    message: `overlay '${spec.name}' needs ${count(wanted, 'bridge address', 'bridge addresses')}, and its bridge_range ${formatCidr(space.bridgeRange)} has ${wanted - missing}`,
    range: spec.at('bridge_range'),
    hint: mend + leasedToOthers(shortage),
  };
}

/** Too few ranges for containers; the fix is a wider `cidr`, or smaller ranges. */
export function tooFewRanges(spec: OverlaySpec, space: Space, shortage: Shortage): Diagnostic {
  const { wanted, missing } = shortage;
  const ranges = (prefix: number) => 2 ** (space.subnetPrefix - prefix);
  let prefix = space.cidr.prefix;
  // Everything that a wider cidr adds is free.
  while (prefix > 0 && ranges(prefix) - ranges(space.cidr.prefix) < missing) prefix--;
  return {
    severity: 'error',
    code: 'overlay-too-small',
    message: `overlay '${spec.name}' needs ${count(wanted, 'range', 'ranges')} of /${space.subnetPrefix} for containers, and its cidr ${formatCidr(space.cidr)} has ${wanted - missing} beside bridge_range`,
    range: spec.at('cidr'),
    hint: `use a wider cidr, for example ${formatCidr(network(space.cidr.first, prefix))}, or a greater subnet_prefix${leasedToOthers(shortage)}`,
  };
}

function network(first: bigint, prefix: number) {
  return networkOf({ version: 4, value: first }, prefix);
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Leases are never reused silently: their hosts may still be up and use them. */
function leasedToOthers({ others }: Shortage): string {
  if (others.length === 0) return '';
  const shown = others.slice(0, 5).join(', ') + (others.length > 5 ? ', …' : '');
  return `; ${others.length} of them ${others.length === 1 ? 'is' : 'are'} leased to hosts that this playbook doesn't have (${shown}): remove their entries from the leases file once they are gone`;
}
