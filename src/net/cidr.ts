import { type Address, addressBits, formatAddress, type IpVersion, parseAddress, quote } from './address.ts';
import type { Parsed } from './parsed.ts';

/** A network: every address whose first `prefix` bits are those of `first`. */
export interface Cidr {
  readonly version: IpVersion;
  /** Its lowest address, with all host bits 0. */
  readonly first: bigint;
  readonly prefix: number;
}

/**
 * Reads a network such as `10.0.0.0/24`. Host bits that are set are an error; its message says which network
 * is meant.
 */
export function parseCidr(text: string): Parsed<Cidr> {
  const parsed = parseWithPrefix(text, 'a network');
  if (parsed.error !== undefined) return parsed;
  const { address, prefix } = parsed.value;
  const network = networkOf(address, prefix);
  if (network.first !== address.value) {
    return { error: `${quote(text)} is an address, not a network; the network is ${formatCidr(network)}` };
  }
  return { value: network };
}

/** The network that contains `ADDRESS/LENGTH`, whatever the host bits. */
export function networkAround(text: string): Parsed<Cidr> {
  const parsed = parseWithPrefix(text, 'a network');
  if (parsed.error !== undefined) return parsed;
  return { value: networkOf(parsed.value.address, parsed.value.prefix) };
}

/** Reads `ADDRESS/LENGTH` with any host bits; for the parsers in this folder. */
export function parseWithPrefix(text: string, what: string): Parsed<{ address: Address; prefix: number }> {
  const slash = text.indexOf('/');
  if (slash < 0)
    return { error: `${quote(text)} is not ${what}: the prefix length is missing, as in '${text}/24'` };
  const address = parseAddress(text.slice(0, slash));
  if (address.error !== undefined) return address;
  const length = text.slice(slash + 1);
  const max = addressBits(address.value.version);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > max) {
    return { error: `${quote(text)} has no prefix length between 0 and ${max}` };
  }
  return { value: { address: address.value, prefix: Number(length) } };
}

/** The network with this prefix length that holds the address. */
export function networkOf(address: Address, prefix: number): Cidr {
  const hostBits = BigInt(addressBits(address.version) - prefix);
  return { version: address.version, first: (address.value >> hostBits) << hostBits, prefix };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress({ version: cidr.version, value: cidr.first })}/${cidr.prefix}`;
}

/** The number of addresses, network and broadcast address included. */
export function cidrSize(cidr: Cidr): bigint {
  return 1n << BigInt(addressBits(cidr.version) - cidr.prefix);
}

/** The highest address; for IPv4 up to /30 the broadcast address. */
export function lastOf(cidr: Cidr): bigint {
  return cidr.first + cidrSize(cidr) - 1n;
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.version === address.version && cidr.first <= address.value && address.value <= lastOf(cidr);
}

/** Whether `outer` contains every address of `inner`; true for equal networks. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.version === inner.version && outer.first <= inner.first && lastOf(inner) <= lastOf(outer);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.version === b.version && a.first <= lastOf(b) && b.first <= lastOf(a);
}

/**
 * The subnet number `index` (from 0) with this prefix length, which is at least the network's. The caller
 * keeps the index in range.
 */
export function subnetAt(cidr: Cidr, prefix: number, index: bigint): Cidr {
  const size = 1n << BigInt(addressBits(cidr.version) - prefix);
  return { version: cidr.version, first: cidr.first + index * size, prefix };
}

/**
 * The nth address after the network's own: `nthAddress(10.0.0.0/24, 1)` is 10.0.0.1; undefined outside the
 * network.
 */
export function nthAddress(cidr: Cidr, n: bigint): Address | undefined {
  if (n < 0n || n >= cidrSize(cidr)) return undefined;
  return { version: cidr.version, value: cidr.first + n };
}

/**
 * Lowest and highest address that a host may have. IPv4 excludes the network and the broadcast address except
 * in a /31 (RFC 3021) and a /32; IPv6 excludes the subnet-router anycast address (RFC 4291 section 2.6.1)
 * except in a /127 (RFC 6164) and a /128.
 */
export function usableRange(cidr: Cidr): { first: bigint; last: bigint } {
  const last = lastOf(cidr);
  if (addressBits(cidr.version) - cidr.prefix < 2) return { first: cidr.first, last };
  return { first: cidr.first + 1n, last: cidr.version === 4 ? last - 1n : last };
}

/** `255.255.255.0` for a /24. */
export function netmask(cidr: Cidr): string {
  const bits = BigInt(addressBits(cidr.version));
  const hostBits = bits - BigInt(cidr.prefix);
  return formatAddress({ version: cidr.version, value: ((1n << bits) - 1n) ^ ((1n << hostBits) - 1n) });
}
