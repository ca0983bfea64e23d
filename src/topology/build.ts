import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { InternalError } from '../diagnostics/errors.ts';
import { tidy } from '../json/records.ts';
import type { HostOverlay, Peer } from '../model/host-overlay.ts';
import type { Host, OverlaySpec } from '../model/types.ts';
import type { IpVersion } from '../net/address.ts';
import { spendWork } from '../source/allowance.ts';
import type { Link } from './graph.ts';
import { largestKey, tunnelOverhead } from './overhead.ts';
import { portName } from './port-name.ts';
import { readUnderlay, type Underlay } from './underlay.ts';
import { wire } from './wiring.ts';

/** Linux refuses a smaller MTU on an Ethernet device (ETH_MIN_MTU), and IPv4 requires it (RFC 791). */
const smallestMtu = 68;

/** The cost of the two ends of a link, in units of the play's allowance. */
const perLink = 2;

/** What was allocated to the members. */
interface Allocated {
  readonly hosts: ReadonlyMap<string, { readonly bridgeAddress: string; readonly fixedCidr: string }>;
}

/**
 * The overlay as each member sees it, in natural order. Every link appears at both ends; the graph is connected and
 * free of loops, or protected from them.
 *
 * Ends are shared objects: all peers of a host refer to the same one, so a mesh of 1,000 hosts is 1,000 lists and not
 * a million objects.
 * @throws TooMuch
 */
export function buildOverlay(
  spec: OverlaySpec,
  members: readonly Host[],
  allocation: Allocated,
): Checked<ReadonlyMap<string, HostOverlay>> {
  const underlay = readUnderlay(spec, members);
  const diagnostics = [...underlay.diagnostics, ...keyProblems(spec)];
  if (underlay.value?.version) diagnostics.push(...mtuProblems(spec, underlay.value.version));
  const wiring = wire(spec, members);
  diagnostics.push(...wiring.diagnostics);
  if (underlay.value === undefined || wiring.value === undefined || diagnostics.length > 0)
    return { diagnostics };
  if (members.length === 1) diagnostics.push(lonely(spec, members[0] as Host));

  const { names, links, protection } = wiring.value;
  const ends = names.map((name) => endAt(spec, underlay.value as Underlay, name));
  const peers = peersByMember(ends, links);
  const common = tidy({
    name: spec.name,
    cidr: spec.cidr,
    tunnel: spec.tunnel,
    key: spec.key,
    dstPort: spec.dstPort,
    underlayMtu: spec.underlayMtu,
    mtu: underlay.value.version ? mtuInside(spec, underlay.value.version) : spec.underlayMtu,
    protection,
  });
  const overlays = names.map((name, i): [string, HostOverlay] => {
    const allocated = allocation.hosts.get(name);
    if (!allocated)
      throw new InternalError(`overlay '${spec.name}' was built for '${name}', which has no allocation`);
    const { remoteAddress: underlayAddress } = ends[i] as Peer;
    const { bridgeAddress, fixedCidr } = allocated;
    return [name, { ...common, bridgeAddress, fixedCidr, underlayAddress, peers: peers[i] as Peer[] }];
  });
  return { value: new Map(overlays), diagnostics };
}

/** A member as its peers see it. */
function endAt(spec: OverlaySpec, underlay: Underlay, host: string): Peer {
  return { host, remoteAddress: underlay.addresses.get(host) as string, port: portName(spec.name, host) };
}

function peersByMember(ends: readonly Peer[], links: Iterable<Link>): Peer[][] {
  const neighbours = ends.map((): number[] => []);
  for (const [a, b] of links) {
    spendWork(perLink);
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  return neighbours.map((list) => list.sort((a, b) => a - b).map((i) => ends[i] as Peer));
}

function mtuInside(spec: OverlaySpec, version: IpVersion): number {
  return spec.underlayMtu - tunnelOverhead(spec.tunnel, spec.key, version);
}

function mtuProblems(spec: OverlaySpec, version: IpVersion): Diagnostic[] {
  const inside = mtuInside(spec, version);
  if (inside >= smallestMtu) return [];
  const overhead = tunnelOverhead(spec.tunnel, spec.key, version);
  return [
    {
      severity: 'error',
      code: 'underlay-mtu-too-small',
      message: `underlay_mtu ${spec.underlayMtu} of overlay '${spec.name}' leaves ${Math.max(0, inside)} bytes inside the tunnel, which takes ${overhead}`,
      range: spec.at('underlay_mtu'),
      hint: `at least ${smallestMtu + overhead} are needed; Ethernet has 1500`,
    },
  ];
}

function keyProblems(spec: OverlaySpec): Diagnostic[] {
  const largest = largestKey(spec.tunnel);
  if (spec.key === undefined || (Number.isInteger(spec.key) && spec.key >= 0 && spec.key <= largest))
    return [];
  return [
    {
      severity: 'error',
      code: 'key-out-of-range',
      message: `key ${spec.key} of overlay '${spec.name}' doesn't fit a ${spec.tunnel} tunnel`,
      range: spec.at('key'),
      hint: `use a whole number from 0 to ${largest}`,
    },
  ];
}

function lonely(spec: OverlaySpec, host: Host): Diagnostic {
  return {
    severity: 'warning',
    code: 'mesh-of-one',
    message: `overlay '${spec.name}' has one host, '${host.name}', and therefore no tunnels`,
    range: spec.at(),
    hint: "an overlay's members are the playbook's hosts, or those that its own `hosts` names",
  };
}
