import { type Diagnostic, error, type SourceRange } from '../diagnostics/diagnostic.ts';
import { formatAddress } from '../net/address.ts';
import { type Cidr, formatCidr, lastOf, parseCidr } from '../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import { type HostThings, live, overlaysOn, placeOf, thingsDescribed } from './things.ts';

/**
 * A range from which a host's containers get addresses, or a bridge's own address, where first and last are
 * equal.
 */
interface Claim {
  readonly host: string;
  readonly what: 'containers' | 'bridge';
  /** What hands out the addresses. */
  readonly by?: string;
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
  readonly at: SourceRange;
}

/**
 * Container ranges and bridge addresses that overlap on one overlay, if written in steps. What overlays
 * allocate never overlaps. One sort and one sweep, so many hosts cost little.
 */
export function rangeLints(hosts: readonly HostThings[]): Diagnostic[] {
  const byOverlay = new Map<string, Claim[]>();
  for (const host of hosts) {
    for (const { overlay, claim } of claimsOf(host)) {
      const claims = byOverlay.get(overlay) ?? [];
      claims.push(claim);
      byOverlay.set(overlay, claims);
    }
  }
  return [...byOverlay].flatMap(([overlay, claims]) => clashes(overlay, claims));
}

function claimsOf(host: HostThings): { overlay: string; claim: Claim }[] {
  const { name } = host.resolved.host;
  const claims: { overlay: string; claim: Claim }[] = [];
  const networks = new Map<string, Cidr>();
  for (const link of thingsDescribed(host, 'link', ['makes', 'uses']).filter(live)) {
    const overlays = overlaysOn(host, link.thing.name);
    for (const text of link.thing.address ?? []) {
      const parsed = parseInterfaceAddress(text).value;
      if (parsed === undefined || parsed.address.version !== 4) continue;
      networks.set(link.thing.name, networks.get(link.thing.name) ?? interfaceNetwork(parsed));
      const value = parsed.address.value;
      const bare = formatAddress(parsed.address);
      const claim: Claim = {
        host: name,
        what: 'bridge',
        text: bare,
        first: value,
        last: value,
        at: placeOf(link, 'address'),
      };
      claims.push(...overlays.map((overlay) => ({ overlay: overlay.name, claim })));
    }
  }
  for (const network of thingsDescribed(host, 'network')) {
    const { by, bridge, range: text } = network.thing;
    if (bridge === undefined) continue;
    const range = text === undefined ? networks.get(bridge) : parseCidr(text).value;
    if (range === undefined || range.version !== 4) continue;
    const claim: Claim = {
      host: name,
      what: 'containers',
      by,
      text: formatCidr(range),
      first: range.first,
      last: lastOf(range),
      at: placeOf(network, text === undefined ? 'bridge' : 'range'),
    };
    claims.push(...overlaysOn(host, bridge).map((overlay) => ({ overlay: overlay.name, claim })));
  }
  return claims;
}

function clashes(overlay: string, claims: Claim[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  // Ranges sort before the address that they begin with.
  claims.sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last));
  let range: Claim | undefined;
  let bridge: Claim | undefined;
  for (const claim of claims) {
    if (claim.what === 'bridge') {
      if (bridge !== undefined && bridge.first === claim.first && bridge.host !== claim.host)
        found.push(
          error(
            'bridge-address-duplicate',
            `bridges of '${bridge.host}' and '${claim.host}' on overlay '${overlay}' have one address ${claim.text}`,
            claim.at,
          ),
        );
      bridge = claim;
    }
    if (range !== undefined && claim.first <= range.last && range.host !== claim.host)
      found.push(claim.what === 'bridge' ? held(overlay, claim, range) : overlap(overlay, claim, range));
    if (claim.what === 'containers' && (range === undefined || claim.last > range.last)) range = claim;
  }
  return found;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function held(overlay: string, bridge: Claim, range: Claim): Diagnostic {
  return error(
    'bridge-address-in-range',
    `${range.by} on '${range.host}' gives containers ${range.text} of overlay '${overlay}', where the bridge of '${bridge.host}' has ${bridge.text}`,
    range.at,
    "narrow fixed_cidr: Docker knows its own bridge's address only",
  );
}

function overlap(overlay: string, claim: Claim, other: Claim): Diagnostic {
  return error(
    'fixed-cidr-overlap',
    `${claim.by} on '${claim.host}' gives containers ${claim.text} of overlay '${overlay}', and ${other.by} on '${other.host}' ${other.text}`,
    claim.at,
    'give each host a fixed_cidr of its own, as {{ overlay.NAME.fixed_cidr }} is',
  );
}
