import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host, OverlaySpec } from '../model/types.ts';
import { overlaps, parseCidr } from '../net/cidr.ts';
import { udpPort } from './udp-port.ts';
import { wire } from './wiring.ts';

export interface OverlayMembers {
  readonly spec: OverlaySpec;
  readonly members: readonly Host[];
}

/**
 * Errors between overlays that share hosts: networks that overlap on one host, and tunnels between the same two
 * addresses that can't be told apart. Each overlay by itself is checked elsewhere; a malformed cidr is skipped here.
 */
export function checkOverlays(overlays: readonly OverlayMembers[]): Diagnostic[] {
  return overlays.flatMap((later, i) =>
    overlays.slice(0, i).flatMap((earlier) => {
      const shared = sharedHosts(earlier, later);
      return [
        ...(shared.length > 0 ? overlappingNetworks(earlier.spec, later.spec, shared) : []),
        ...(shared.length > 1 ? equalTunnels(earlier, later, shared) : []),
      ];
    }),
  );
}

function sharedHosts(a: OverlayMembers, b: OverlayMembers): string[] {
  const names = new Set(a.members.map((host) => host.name));
  return b.members.flatMap(({ name }) => (names.has(name) ? [name] : []));
}

function overlappingNetworks(a: OverlaySpec, b: OverlaySpec, shared: readonly string[]): Diagnostic[] {
  const left = parseCidr(a.cidr).value;
  const right = parseCidr(b.cidr).value;
  if (!left || !right || !overlaps(left, right)) return [];
  return [
    {
      severity: 'error',
      code: 'overlay-cidr-overlap',
      message: `overlays '${a.name}' (${a.cidr}) and '${b.name}' (${b.cidr}) overlap, and host '${shared[0]}' is in both`,
      range: b.at('cidr'),
      hint: 'give each overlay its own range',
    },
  ];
}

/**
 * Open vSwitch distinguishes tunnels to one address by type, key and UDP port; no key and key 0 accept the same
 * packets.
 */
function equalTunnels(
  earlier: OverlayMembers,
  later: OverlayMembers,
  shared: readonly string[],
): Diagnostic[] {
  const [a, b] = [earlier.spec, later.spec];
  if (a.tunnel !== b.tunnel || (a.key ?? 0) !== (b.key ?? 0) || udpPort(a) !== udpPort(b)) return [];
  const ends = commonLink(earlier, later, shared);
  if (ends === undefined) return [];
  const key = a.key ? `key ${a.key}` : 'no key';
  return [
    {
      severity: 'error',
      code: 'overlay-key-clash',
      message: `overlays '${a.name}' and '${b.name}' both use ${a.tunnel} with ${key} between '${ends[0]}' and '${ends[1]}'`,
      range: b.at('key'),
      hint: `give overlay '${b.name}' a key that no other has`,
    },
  ];
}

/** Two hosts that both overlays link. Two full meshes need no search through their links. */
function commonLink(
  a: OverlayMembers,
  b: OverlayMembers,
  shared: readonly string[],
): readonly (string | undefined)[] | undefined {
  if (a.spec.shape === 'full_mesh' && b.spec.shape === 'full_mesh') return shared;
  const [sparse, other] = a.spec.shape === 'full_mesh' ? [b, a] : [a, b];
  const both = new Set(shared);
  const candidates = endsOf(sparse).filter((ends) => ends.every((end) => both.has(end)));
  if (other.spec.shape === 'full_mesh') return candidates[0];
  const text = (ends: readonly string[]) => [...ends].sort().join(' ');
  const linked = new Set(endsOf(other).map(text));
  return candidates.find((ends) => linked.has(text(ends)));
}

/** Empty if they can't be computed because of an error that is reported. */
function endsOf({ spec, members }: OverlayMembers): (readonly [string, string])[] {
  const { names = [], links = [] } = wire(spec, members).value ?? {};
  return Array.from(links, ([a, b]) => [names[a] as string, names[b] as string] as const);
}
