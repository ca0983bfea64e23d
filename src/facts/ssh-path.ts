import { parseAddress } from '../net/address.ts';
import { contains } from '../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { isVolatileInterface } from './interfaces.ts';
import { parseTables } from './ovs/ovsdb-tables.ts';
import { list, record, text } from './schema.ts';
import { readAnswer, Unreadable } from './unreadable.ts';

/** The path of the SSH session that carries the probe itself. */
export interface SshPath {
  /** The address of the controller, or of its last jump host, as the host sees it: from SSH_CONNECTION (ssh(1)). */
  readonly controller: string;
  /** The interface for the host's answers: `ip route get`. */
  readonly interface: string;
  /**
   * That interface and everything that carries it, by name: its masters, members of a bridge or a bond, the parent of
   * a VLAN or macvlan, and Open vSwitch bridges with their ports to devices and to each other.
   */
  readonly links: readonly string[];
}

/** Unknown without an SSH session, for example at a host's console. */
const family: FactFamily<SshPath> = {
  name: 'ssh_path',
  command: 'ip -j route get',
  schema: record({ controller: text, interface: text, links: list(text) }),
  // Asks for the route of the session's own packets: from the address to which it was made.
  query: () =>
    raw(`set -f
set -- \${SSH_CONNECTION:-}
if [ $# -lt 3 ]; then exit 0; fi
printf '%s\\n' "\${1%%%*}"
case $1 in
*%*) ip -j route get "\${1%%%*}" oif "\${1#*%}" ;;
*) ip -j route get "$1" from "$3" 2>/dev/null || ip -j route get "$1" ;;
esac
ip -j -d link show
if [ -S /run/openvswitch/db.sock ]; then
  ovs-vsctl --timeout=5 --format=json --columns=name,ports list Bridge -- \\
    --columns=_uuid,interfaces list Port -- --columns=_uuid,name,type,options list Interface 2>/dev/null || :
fi`),
  parse: (output) => {
    const [controller = '', ...rest] = output.split('\n').filter((line) => line !== '');
    if (controller === '') return new Map();
    const [route = '', links = '', ...tables] = rest;
    const dev = readAnswer('ip -j route get', route, deviceOf);
    const bridges = switches(tables.join('\n'));
    const found = readAnswer('ip -j -d link show', links, (text) =>
      carriers(dev, JSON.parse(text) as PrintedLink[], bridges),
    );
    return new Map([['', { controller, interface: dev, links: found }]]);
  },
  canonical: (value) => ({ ...value }),
};

export const sshPathFact: FactQuery<SshPath> = { family, key: '' };

function deviceOf(route: string): string {
  const [{ dev } = { dev: undefined }] = JSON.parse(route) as { dev?: string }[];
  if (dev === undefined) throw new Unreadable('a route without an interface');
  return dev;
}

/** The part of iproute2's output that is read here. */
interface PrintedLink {
  readonly ifname: string;
  readonly master?: string;
  /** Its parent, or a veth's other end if that is on the host as well. */
  readonly link?: string;
  readonly linkinfo?: { readonly info_kind?: string };
}

/** An Open vSwitch bridge: its ports to devices, and the peers of its patch ports in other bridges. */
interface Switch {
  readonly name: string;
  readonly ports: readonly string[];
  readonly peers: readonly string[];
}

/** Every link that carries `start`, beginning with itself. */
function carriers(start: string, links: readonly PrintedLink[], bridges: readonly Switch[]): string[] {
  const found = new Set([start]);
  for (const name of found) {
    const link = links.find(({ ifname }) => ifname === name);
    const next = [link?.master, link?.link, ...members(link, links), ...switched(name, bridges)];
    // The kernel's datapath is the master of every bridge.
    for (const one of next) if (one !== undefined && one !== 'ovs-system') found.add(one);
  }
  return [...found];
}

function members(link: PrintedLink | undefined, links: readonly PrintedLink[]): string[] {
  if (link === undefined || !['bridge', 'bond', 'team'].includes(link.linkinfo?.info_kind ?? '')) return [];
  return links
    .filter(({ ifname, master }) => master === link.ifname && !isVolatileInterface(ifname))
    .map(({ ifname }) => ifname);
}

function switched(name: string, bridges: readonly Switch[]): string[] {
  return bridges
    .filter((bridge) => bridge.name === name || bridge.ports.includes(name))
    .flatMap((bridge) => [bridge.name, ...bridge.ports, ...bridge.peers]);
}

function switches(output: string): Switch[] {
  if (output === '') return [];
  const [bridges = [], ports = [], interfaces = []] = parseTables(output, 3);
  const byId = (rows: typeof ports) => new Map(rows.map((row) => [row.ids('_uuid')[0] ?? '', row]));
  const [portOf, interfaceOf] = [byId(ports), byId(interfaces)];
  return bridges.map((row) => {
    const all = row
      .ids('ports')
      .flatMap((id) => portOf.get(id)?.ids('interfaces') ?? [])
      .flatMap((id) => interfaceOf.get(id) ?? []);
    const named = (wanted: readonly (string | undefined)[]) =>
      all.filter((one) => wanted.includes(one.text('type')));
    return {
      name: row.text('name') ?? '',
      ports: named([undefined, 'system', 'patch']).flatMap((one) => one.text('name') ?? []),
      peers: named(['patch']).flatMap((one) => one.map('options')?.peer ?? []),
    };
  });
}

/** Whether an interface with this address (`10.0.0.1/8`) would be the direct path to the controller. */
export function coversController({ controller }: SshPath, address: string): boolean {
  const network = parseInterfaceAddress(address).value;
  const peer = parseAddress(controller).value;
  return network !== undefined && peer !== undefined && contains(interfaceNetwork(network), peer);
}
