import { entry } from '../../json/records.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { usualPorts } from '../../net/usual-ports.ts';
import type { PortSettings } from './ovs.ts';

/**
 * What identifies a tunnel: Open vSwitch sets up only one port with all of this equal, and reports "File exists" for
 * the next (`tnl_match` in ofproto/tunnel.c). Equal tunnels have equal texts, whatever the notation of their keys and
 * addresses. Undefined: not a tunnel to one address.
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
 * Whether some packets belong to both tunnels although they aren't equal: one of them accepts any sender, any receiver
 * or any key. Open vSwitch gives those packets to the more specific port, and none of them to the other (`tnl_find` in
 * ofproto/tunnel.c).
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

/** Whether a tunnel accepts any sender, receiver or key. Two that don't share either all packets or none. */
export function takesAny(port: PortSettings): boolean {
  const match = matchOf(port);
  return match !== undefined && [match.local, match.remote, match.key].includes(any);
}

const any = 'any';

/** Which packets a tunnel accepts; a part may be `any`. Undefined: the port is not a tunnel. */
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

/** The UDP port on which a tunnel of this type receives; undefined for types without one. */
export function udpPort(type: string, written: string | undefined): string | undefined {
  return written ?? entry(usualPorts, type)?.toString();
}

/** Key 0 equals no key. */
function sameKey(key: string | undefined): string {
  if (key === undefined) return '0';
  const number = Number(key);
  return Number.isNaN(number) ? key : String(number);
}

/** IPv4 has only one notation. */
export function sameAddress(address: string): string {
  if (!address.includes(':')) return address;
  const parsed = parseAddress(address).value;
  return parsed === undefined ? address : formatAddress(parsed);
}
