import type { NetworkSettings } from '../../changes/docker-network/change.ts';
import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact } from '../../facts/interfaces.ts';
import { tidy } from '../../json/records.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { type Cidr, contains, containsCidr, formatCidr, parseCidr } from '../../net/cidr.ts';
import {
  type InterfaceAddress,
  interfaceNetwork,
  parseInterfaceAddress,
} from '../../net/interface-address.ts';
import type { Problem, View } from '../define-kind.ts';
import { type NetworkParams, outside, ownOptions } from './params.ts';

interface DesiredNetwork {
  readonly settings?: NetworkSettings;
  readonly problems: readonly Problem[];
}

/** The network that a step asks for on a host as it is. */
export function wantedNetwork(params: NetworkParams, facts: Facts, view: View): DesiredNetwork {
  const { driver = 'bridge', bridge, parent } = params;
  const links = facts.get(interfacesFact);
  const link = links.find(({ name }) => name === (bridge ?? parent));
  const missing = driver === 'bridge' ? noBridge(bridge ?? '', link) : noParent(parent ?? '', link);
  if (missing !== undefined) return { problems: [missing] };
  const place = driver === 'bridge' ? onBridge(params, link) : placeOf(params);
  if ('problem' in place) return { problems: [place.problem] };
  const { subnet, gateway } = place;
  const problems = outside(params, subnet);
  if (problems.length > 0) return { problems };
  const mtu = params.mtu ?? (driver === 'bridge' ? mtuFor(subnet, view) : undefined);
  const reserved = mapped(params.aux_addresses ?? {}, bare);
  const settings: NetworkSettings = tidy({
    driver,
    options: {
      ...(bridge === undefined ? {} : { [ownOptions.bridge]: bridge, [ownOptions.inhibit]: 'true' }),
      ...(parent === undefined ? {} : { [ownOptions.parent]: parent }),
      ...(mtu === undefined ? {} : { [ownOptions.mtu]: String(mtu) }),
      ...mapped(params.options ?? {}, String),
    },
    subnet: formatCidr(subnet),
    range: params.ip_range === undefined ? undefined : normal(params.ip_range),
    gateway,
    reserved: Object.keys(reserved).length === 0 ? undefined : reserved,
    internal: params.internal ? (true as const) : undefined,
    labels: Object.keys(params.labels ?? {}).length === 0 ? undefined : params.labels,
  });
  return { settings, problems: [] };
}

type Place = { readonly subnet: Cidr; readonly gateway?: string } | { readonly problem: Problem };

/** On the network of the bridge's address, which is the gateway. */
function onBridge(params: NetworkParams, link: Interface | undefined): Place {
  const addresses = (link?.addresses ?? []).flatMap((text) => parseInterfaceAddress(text).value ?? []);
  const own = ownAddress(
    params,
    addresses.filter(({ address }) => address.version === 4),
  );
  const given = params.subnet === undefined ? undefined : parseCidr(params.subnet).value;
  const subnet = given ?? (own === undefined ? undefined : interfaceNetwork(own));
  const gateway = params.gateway ?? (own === undefined ? undefined : formatAddress(own.address));
  if (subnet === undefined || (gateway === undefined && !params.internal)) {
    const where = given === undefined ? 'IPv4 address' : `address in ${formatCidr(given)}`;
    return {
      problem: {
        code: 'bridge-without-address',
        message: `the bridge ${params.bridge} has no ${where}, and containers would have no gateway`,
        path: ['bridge'],
        hint: 'give it one in the step that makes the bridge',
      },
    };
  }
  return { subnet, ...(gateway === undefined ? {} : { gateway: bare(gateway) }) };
}

/** In the subnet, or in a network that holds the range; otherwise the first one. */
function ownAddress(
  { subnet, ip_range }: NetworkParams,
  addresses: readonly InterfaceAddress[],
): InterfaceAddress | undefined {
  const given = subnet === undefined ? undefined : parseCidr(subnet).value;
  if (given !== undefined) return addresses.find(({ address }) => contains(given, address));
  const range = ip_range === undefined ? undefined : parseCidr(ip_range).value;
  const holds = (one: InterfaceAddress) => range !== undefined && containsCidr(interfaceNetwork(one), range);
  return addresses.find(holds) ?? addresses[0];
}

function placeOf({ subnet = '', gateway }: NetworkParams): Place {
  const range = parseCidr(subnet).value;
  if (range === undefined)
    return {
      problem: { code: 'docker-network-params', message: 'the network needs a subnet', path: ['name'] },
    };
  return { subnet: range, ...(gateway === undefined ? {} : { gateway: bare(gateway) }) };
}

function noBridge(bridge: string, link: Interface | undefined): Problem | undefined {
  if (link?.kind === 'bridge') return undefined;
  if (link === undefined)
    return {
      code: 'bridge-missing',
      message: `there is no bridge ${bridge}`,
      path: ['bridge'],
      hint: `make it in a step before this one: linux_bridge: { name: ${bridge}, address: … }`,
    };
  return {
    code: 'not-a-linux-bridge',
    message: `${bridge} is not a Linux bridge${link.kind === undefined ? '' : `, but of the kind ${link.kind}`}`,
    path: ['bridge'],
    hint: 'Docker can use Linux bridges only; one of Open vSwitch can be a member of a Linux bridge',
  };
}

function noParent(parent: string, link: Interface | undefined): Problem | undefined {
  if (link !== undefined) return undefined;
  return {
    code: 'unknown-interface',
    message: `the host has no interface named ${parent}`,
    path: ['parent'],
  };
}

/** That of the overlay whose range holds the subnet. */
function mtuFor(subnet: Cidr, view: View): number | undefined {
  return [...view.overlays.values()].find(({ cidr }) => {
    const range = parseCidr(cidr).value;
    return range !== undefined && containsCidr(range, subnet);
  })?.mtu;
}

function normal(text: string): string {
  const range = parseCidr(text).value;
  return range === undefined ? text : formatCidr(range);
}

function bare(text: string): string {
  const address = parseAddress(text).value;
  return address === undefined ? text : formatAddress(address);
}

function mapped<T>(record: Readonly<Record<string, T>>, how: (value: T) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, how(value)]));
}
