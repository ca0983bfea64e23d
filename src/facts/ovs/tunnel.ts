import { entry } from '../../json/records.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { usualPorts } from '../../net/usual-ports.ts';
import type { PortSettings } from './ovs.ts';

/**
 * What tells a tunnel from others: Open vSwitch sets up one port of those in which all of this is equal, and says of
 * the next "File exists" (`tnl_match` in ofproto/tunnel.c). Equal tunnels are equal texts, however their keys and
 * addresses are written. Undefined: no tunnel to one address.
 */
export function tunnelConfig({ type = '', options = {} }: PortSettings): string | undefined {
  const { remote_ip: remote, local_ip: local } = options;
  if (remote === undefined) return undefined;
  const from = local === undefined ? 'any' : sameAddress(local);
  const key = sameKey(options.in_key ?? options.key);
  const layer = options.packet_type === undefined ? '' : ` ${options.packet_type}`;
  return `${type} ${from} ${sameAddress(remote)} ${key} ${udpPort(type, options.dst_port)}${layer}`;
}

/**
 * Whether packets may come that belong to both tunnels, though they aren't equal: one of them takes any sender, any
 * receiver or any key. Open vSwitch gives those to the port that says more of them, and the other one gets none
 * (`tnl_find` in ofproto/tunnel.c).
 */
export function tunnelsOverlap(one: PortSettings, other: PortSettings): boolean {
  const [a, b] = [matchOf(one), matchOf(other)];
  if (a === undefined || b === undefined) return false;
  const meet = (x: string, y: string) => x === y || x === any || y === any;
  const same = (Object.keys(a) as (keyof typeof a)[]).every((part) => a[part] === b[part]);
  return (
    !same && a.sort === b.sort && meet(a.local, b.local) && meet(a.remote, b.remote) && meet(a.key, b.key)
  );
}

/** Whether a tunnel takes any sender, receiver or key. Of two that don't, the packets are all different or all the same. */
export function takesAny(port: PortSettings): boolean {
  const match = matchOf(port);
  return match !== undefined && [match.local, match.remote, match.key].includes(any);
}

const any = 'any';

/** Which packets a tunnel takes; a part may be `any`. Undefined: the port is no tunnel. */
function matchOf({ type = '', options = {} }: PortSettings) {
  const { remote_ip: remote, local_ip: local = 'flow' } = options;
  if (remote === undefined) return undefined;
  const orAny = (value: string) => (value === 'flow' ? any : value);
  return {
    sort: `${type} ${udpPort(type, options.dst_port)} ${options.packet_type ?? ''}`,
    local: sameAddress(orAny(local)),
    remote: sameAddress(orAny(remote)),
    key: orAny(sameKey(options.in_key ?? options.key)),
  };
}

/** The UDP port that a tunnel of this type comes in at; undefined for types without one. */
export function udpPort(type: string, written: string | undefined): string | undefined {
  return written ?? entry(usualPorts, type)?.toString();
}

/** Without a key, and with 0, a tunnel takes what has none. */
function sameKey(key: string | undefined): string {
  if (key === undefined) return '0';
  const number = Number(key);
  return Number.isNaN(number) ? key : String(number);
}

/** IPv4 has one form only. */
export function sameAddress(address: string): string {
  if (!address.includes(':')) return address;
  const parsed = parseAddress(address).value;
  return parsed === undefined ? address : formatAddress(parsed);
}
