import { type Diagnostic, error } from '../diagnostics/diagnostic.ts';
import type { DescribedContainerLink } from '../kinds/described.ts';
import { formatAddress } from '../net/address.ts';
import { type Cidr, contains, formatCidr, parseCidr } from '../net/cidr.ts';
import { type InterfaceAddress, interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import {
  type DescribedThing,
  type HostThings,
  live,
  overlaysOn,
  placeOf,
  thingsDescribed,
} from './things.ts';

/** An address on a network that several bridges may share. */
interface Claim {
  readonly host: string;
  /** `eth1 in container web`, `bridge br0` */
  readonly who: string;
  readonly address: InterfaceAddress;
  /** Left out: of a bridge. */
  readonly said?: DescribedThing<DescribedContainerLink>;
}

/**
 * Addresses of containers' interfaces that another interface gets as well, or that Docker gives out: on one overlay,
 * or on one bridge of a host.
 */
export function containerAddressLints(hosts: readonly HostThings[]): Diagnostic[] {
  const networks = new Map<
    string,
    { claims: Claim[]; ranges: { host: string; by: string; range: Cidr }[] }
  >();
  const on = (host: HostThings, bridge: string) =>
    networkNames(host, bridge).map((name) => {
      const network = networks.get(name) ?? { claims: [], ranges: [] };
      networks.set(name, network);
      return network;
    });
  for (const host of hosts) {
    const { name } = host.resolved.host;
    for (const { bridge, ...claim } of claimsOf(host))
      for (const { claims } of on(host, bridge)) claims.push({ host: name, ...claim });
    for (const { thing } of thingsDescribed(host, 'network')) {
      const range = thing.range === undefined ? undefined : parseCidr(thing.range).value;
      if (thing.bridge === undefined || range === undefined) continue;
      for (const { ranges } of on(host, thing.bridge)) ranges.push({ host: name, by: thing.by, range });
    }
  }
  const found = [...networks.values()].flatMap(({ claims, ranges }) => [
    ...duplicates(claims),
    ...claims.flatMap(({ said, address }) => {
      const range = ranges.find((one) => contains(one.range, address.address));
      return said === undefined || range === undefined ? [] : [inRange(said, address, range)];
    }),
  ]);
  // One bridge may carry several overlays.
  return [...new Map(found.map((one) => [`${one.message}\0${one.range?.start}`, one])).values()];
}

function networkNames(host: HostThings, bridge: string): string[] {
  const overlays = overlaysOn(host, bridge).map(({ name }) => `overlay ${name}`);
  return overlays.length > 0 ? overlays : [`${host.resolved.host.name} ${bridge}`];
}

function claimsOf(host: HostThings): (Omit<Claim, 'host'> & { bridge: string })[] {
  const containers = thingsDescribed(host, 'container-link').flatMap((said) => {
    const { container, name, bridge, address: text = '' } = said.thing;
    const address = parseInterfaceAddress(text).value;
    return address === undefined ? [] : [{ bridge, who: `${name} in container ${container}`, address, said }];
  });
  const bridges = thingsDescribed(host, 'link')
    .filter(live)
    .flatMap(({ thing }) =>
      (thing.address ?? []).flatMap((text) => {
        const address = parseInterfaceAddress(text).value;
        return address === undefined ? [] : [{ bridge: thing.name, who: `bridge ${thing.name}`, address }];
      }),
    );
  return [...bridges, ...containers];
}

function duplicates(claims: readonly Claim[]): Diagnostic[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const text = formatAddress(claim.address.address);
    const other = first.get(text);
    if (other === undefined) {
      first.set(text, claim);
      return [];
    }
    // Bridges among each other are looked at elsewhere; one interface that two steps describe has two owners.
    const said = claim.said ?? other.said;
    if (said === undefined || (claim.host === other.host && claim.who === other.who)) return [];
    return [
      error(
        'container-address-duplicate',
        `${other.who} on '${other.host}' and ${claim.who} on '${claim.host}' get one address, ${text}`,
        placeOf(said, 'address'),
        'give each an address of its own',
      ),
    ];
  });
}

function inRange(
  said: DescribedThing<DescribedContainerLink>,
  address: InterfaceAddress,
  { host, by, range }: { host: string; by: string; range: Cidr },
): Diagnostic {
  return error(
    'container-address-in-range',
    `${by} on '${host}' gives containers ${formatCidr(range)}, where ${formatAddress(address.address)} is`,
    placeOf(said, 'address'),
    `choose an address of ${formatCidr(interfaceNetwork(address))} outside of it`,
  );
}
