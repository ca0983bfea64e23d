import { byText, sortedKeys } from '../json/records.ts';
import { raw } from '../sh/sh.ts';
import { eachNamespace, inNamespaces } from './docker/namespaces.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import {
  isLinkLocal,
  isPlain,
  type LinkAddress,
  linkAddress,
  linkAddressSchema,
  type PrintedAddress,
} from './link-address.ts';
import { flag, integer, list, record, text } from './schema.ts';

/** A network interface in a network namespace, as `ip -d address show` tells of it. */
export interface Interface {
  readonly name: string;
  /** The kind in `ip -d link`: `bridge`, `veth`, `tun`, `openvswitch` ...; undefined for hardware and `lo`. */
  readonly kind?: string;
  /** Undefined if the interface has none, or before it exists. */
  readonly mac?: string;
  /** Bytes. */
  readonly mtu: number;
  /** Whether it is set up, with or without a carrier. */
  readonly up: boolean;
  /** The bridge (or other interface) that it is a member of. */
  readonly master?: string;
  /** A bridge with the spanning tree protocol. */
  readonly stp?: true;
  /** Of a veth in a container's namespace: the host's interface that is its other end. */
  readonly peer?: string;
  /** With prefix lengths, `10.11.12.1/24`; without IPv6's temporary ones (RFC 8981). */
  readonly addresses: readonly string[];
  /** The same one by one, except link-local ones, if any has settings besides its text. */
  readonly details?: readonly LinkAddress[];
}

/** An interface's addresses with all their settings, except link-local ones. */
export function detailedAddresses({ addresses, details }: Interface): readonly LinkAddress[] {
  return details ?? addresses.filter((text) => !isLinkLocal(text)).map((address) => ({ address }));
}

/** The interface with other addresses, in their order: existing ones are unchanged, the others are as given. */
export function withAddresses(link: Interface, wanted: readonly (string | LinkAddress)[]): Interface {
  const { details: _, ...rest } = link;
  const known = detailedAddresses(link);
  const detailed = wanted.map((one) =>
    typeof one === 'string' ? (known.find(({ address }) => address === one) ?? { address: one }) : one,
  );
  return { ...rest, addresses: detailed.map(({ address }) => address), ...detailsOf(detailed) };
}

function detailsOf(addresses: readonly LinkAddress[]): Pick<Interface, 'details'> {
  const details = addresses.filter(({ address }) => !isLinkLocal(address));
  return details.every(isPlain) ? {} : { details };
}

/**
 * Every interface of the host's own network namespace (the key ''), or of a container's, by the container's name; of one
 * that doesn't run, none. Its canonical form leaves out what appears and changes by itself: IPv6 link-local
 * addresses, the devices that Open vSwitch and tunnel modules make for themselves, and containers' veths,
 * which have a new name after each start.
 */
export const interfaces: FactFamily<readonly Interface[]> = {
  name: 'interfaces',
  command: 'ip -j -d address show',
  schema: list(
    record(
      { name: text, mtu: integer, up: flag, addresses: list(text) },
      { kind: text, mac: text, master: text, stp: flag, peer: text, details: list(linkAddressSchema) },
    ),
  ),
  query: (keys) => eachNamespace(raw('ip -j -d address show'), keys),
  parse: (output, keys) => {
    const { host, containers } = inNamespaces(output, keys);
    const own = JSON.parse(host) as readonly Printed[];
    const within = (text: string | undefined) =>
      (JSON.parse(text ?? '[]') as readonly Printed[]).map((link) => withPeer(link, own));
    return new Map([
      ['', own.map(interfaceOf)],
      ...[...containers].map(([name, text]): [string, Interface[]] => [name, within(text)]),
    ]);
  },
  canonical: (value) =>
    value
      .filter((link) => !isVolatileInterface(link.name))
      .map(({ details, ...link }) =>
        sortedKeys({
          ...link,
          addresses: link.addresses.filter((a) => !isLinkLocal(a)).sort(),
          ...(details === undefined ? {} : { details: details.map((one) => ({ ...one })).sort(byText) }),
        }),
      )
      .sort(byText),
};

export const interfacesFact: FactQuery<readonly Interface[]> = { family: interfaces, key: '' };

/** Those in a container's network namespace; undefined: in the host's own. */
export function interfacesIn(container: string | undefined): FactQuery<readonly Interface[]> {
  return { family: interfaces, key: container ?? '' };
}

// Open vSwitch's datapaths; the devices of its kernel tunnels; those that ip_gre, ip6_gre, ipip and sit bring along.
const volatile =
  /^(ovs-system|ovs-netdev|ovs-tap.*|(gre|ip6gre|vxlan|genev|erspan)_sys(_\d+)?|gre0|gretap0|erspan0|ip6gre0|ip6gretap0|ip6erspan0|tunl0|ip6tnl0|sit0|veth[0-9a-f]{7})$/;

/** Whether an interface comes and goes without being requested by name. */
export function isVolatileInterface(name: string): boolean {
  return volatile.test(name);
}

/** The part of iproute2's output that is read here. */
interface Printed {
  readonly ifindex?: number;
  /** The index of its other end, which is in another namespace. */
  readonly link_index?: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address?: string;
  readonly link_type?: string;
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: { readonly stp_state?: number } };
  readonly addr_info?: readonly PrintedAddress[];
}

/** A container's interface: indices are of a namespace each, so that only two that name each other are a pair. */
function withPeer(printed: Printed, hosts: readonly Printed[]): Interface {
  const other = hosts.find(
    ({ ifindex, link_index, linkinfo }) =>
      linkinfo?.info_kind === 'veth' &&
      ifindex !== undefined &&
      link_index !== undefined &&
      ifindex === printed.link_index &&
      link_index === printed.ifindex,
  );
  return { ...interfaceOf(printed), ...(other === undefined ? {} : { peer: other.ifname }) };
}

function interfaceOf(printed: Printed): Interface {
  const { info_kind: kind, info_data: data } = printed.linkinfo ?? {};
  const given = (printed.addr_info ?? []).filter(
    ({ local, temporary }) => local !== undefined && temporary !== true,
  );
  return {
    name: printed.ifname,
    ...(kind === undefined ? {} : { kind }),
    ...(printed.link_type === 'ether' && printed.address !== undefined ? { mac: printed.address } : {}),
    mtu: printed.mtu,
    up: printed.flags.includes('UP'),
    ...(printed.master === undefined ? {} : { master: printed.master }),
    ...(kind === 'bridge' && data?.stp_state === 1 ? { stp: true as const } : {}),
    addresses: given.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    ...detailsOf(given.map((one) => linkAddress(printed.ifname, one))),
  };
}
