import { IPv6 } from 'ip-num';
import type { Parsed } from './parsed.ts';

export type IpVersion = 4 | 6;

/** An IP address as a plain value; equal addresses have equal fields. */
export interface Address {
  readonly version: IpVersion;
  /** Unsigned, 32 bits for IPv4, 128 for IPv6. */
  readonly value: bigint;
}

/** Bits in an address of this version. */
export function addressBits(version: IpVersion): number {
  return version === 4 ? 32 : 128;
}

/**
 * Reads one IPv4 address in dotted decimal without leading zeros, or one IPv6 address (RFC 4291). Refuses
 * forms that other programs read differently: a zone id, an IPv4 address inside an IPv6 one, surrounding
 * spaces, a prefix length.
 */
export function parseAddress(text: string): Parsed<Address> {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

/** Without the library, which takes ten times as long; every host has several. */
function parseIpv4(text: string): Parsed<Address> {
  const match = ipv4.exec(text);
  if (match === null) return notAnAddress(text);
  const value = match.slice(1).reduce((bits, part) => bits * 256 + Number(part), 0);
  return { value: { version: 4, value: BigInt(value) } };
}

function notAnAddress(text: string): { error: string } {
  return { error: `${quote(text)} is not an IP address` };
}

function parseIpv6(text: string): Parsed<Address> {
  if (text.includes('%')) {
    return { error: `${quote(text)} has a zone id, which means something on one machine only` };
  }
  if (text.includes('.')) {
    return { error: `${quote(text)} is an IPv6 address with an IPv4 address inside, which is not accepted` };
  }
  let value: bigint;
  try {
    value = IPv6.fromString(text).getValue();
  } catch {
    return notAnAddress(text);
  }
  // ::ffff:0:0/96, RFC 4291 section 2.5.5.2: an IPv4-mapped address, the same as the IPv4 one in another
  // form.
  if (value >> 32n === 0xffffn) {
    const inner = formatAddress({ version: 4, value: value & 0xffffffffn });
    return { error: `${quote(text)} is an IPv4-mapped IPv6 address; write ${inner}` };
  }
  return { value: { version: 6, value } };
}

/** Dotted decimal for IPv4; for IPv6 the one canonical form of RFC 5952 (lower case, longest run of zeros as `::`). */
export function formatAddress(address: Address): string {
  if (address.version === 4) {
    const bits = Number(address.value);
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  return formatIpv6(address.value);
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  const run = longestZeroRun(groups);
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return run.length < 2 ? hex(0, 8) : `${hex(0, run.start)}::${hex(run.start + run.length, 8)}`;
}

/** The first of the longest runs (RFC 5952 section 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}

/** Why an address can't be a tunnel endpoint, as a clause; undefined if it can. */
export function whyNoTunnel({ version, value }: Address): string | undefined {
  // The unspecified address, multicast, and IPv4's 240/4.
  if (value === 0n || (version === 4 ? value >> 28n >= 14n : value >> 120n === 0xffn))
    return 'is not a host address';
  if (version === 4 ? value >> 24n === 127n : value === 1n)
    return 'is a loopback address, which is local to every host';
  if (version === 6 && value >> 118n === 0x3fan)
    return "is a link-local address, which doesn't say on which link";
  return undefined;
}

/** Shown in messages; JSON's quoting makes control characters visible. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/^"|"$/g, "'");
}
