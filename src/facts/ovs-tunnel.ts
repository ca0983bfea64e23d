import { formatAddress, parseAddress } from '../net/address.ts';
import { usualPorts } from '../net/usual-ports.ts';
import type { PortSettings } from './ovs.ts';
import { entry } from './records.ts';

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
