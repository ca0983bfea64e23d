import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/net/address.ts';
import {
  type Cidr,
  cidrSize,
  contains,
  containsCidr,
  formatCidr,
  netmask,
  nthAddress,
  overlaps,
  parseCidr,
  subnetAt,
  usableRange,
} from '../../src/net/cidr.ts';

function cidr(text: string): Cidr {
  const { value, error } = parseCidr(text);
  if (value === undefined) throw new Error(error);
  return value;
}

function address(text: string) {
  const { value, error } = parseAddress(text);
  if (value === undefined) throw new Error(error);
  return value;
}

describe('parseCidr', () => {
  it.each(['10.11.12.0/24', '0.0.0.0/0', '10.0.0.1/32', 'fd00::/64', '::/0', 'fd00::1/128'])(
    'reads %s',
    (text) => {
      expect(formatCidr(cidr(text))).toBe(text);
    },
  );

  it.each([
    ['10.0.0.5/24', /is an address, not a network; the network is 10\.0\.0\.0\/24/],
    ['fd00::1/64', /the network is fd00::\/64/],
    ['10.0.0.0', /prefix length is missing/],
    ['10.0.0.0/', /no prefix length between 0 and 32/],
    ['10.0.0.0/33', /between 0 and 32/],
    ['fd00::/129', /between 0 and 128/],
    ['10.0.0.0/024', /no prefix length/],
    ['10.0.0.0/2 4', /no prefix length/],
    ['10.0.0.0/24/24', /no prefix length/],
    ['10.0.0.0/255.255.255.0', /no prefix length/],
    ['10.0.0/24', /'10\.0\.0' is not an IP address/],
    ['fe80::%1/64', /zone id/],
  ])('refuses %s', (text, error) => {
    expect(parseCidr(text).error).toMatch(error);
  });
});

it.each([
  ['10.0.0.0/24', '10.0.0.0', true],
  ['10.0.0.0/24', '10.0.0.255', true],
  ['10.0.0.0/24', '10.0.1.0', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['::/0', '10.0.0.1', false],
  ['fd00::/64', 'fd00::ffff:1', true],
])('%s contains %s: %s', (network, host, expected) => {
  expect(contains(cidr(network), address(host))).toBe(expected);
});

it.each([
  ['10.0.0.0/24', '10.0.0.128/25', true, true],
  ['10.0.0.128/25', '10.0.0.0/24', false, true],
  ['10.0.0.0/24', '10.0.0.0/24', true, true],
  ['10.0.0.0/25', '10.0.0.128/25', false, false],
  ['::/0', '10.0.0.0/24', false, false],
])('%s contains %s: %s; overlaps it: %s', (outer, inner, whole, some) => {
  expect(containsCidr(cidr(outer), cidr(inner))).toBe(whole);
  expect(overlaps(cidr(outer), cidr(inner))).toBe(some);
});

it.each([
  ['10.11.12.0/24', 28, 15n, '10.11.12.240/28'],
  ['10.11.12.0/24', 24, 0n, '10.11.12.0/24'],
  ['fd00::/48', 64, 65535n, 'fd00:0:0:ffff::/64'],
])('subnet of %s at /%i, number %i: %s', (text, prefix, index, subnet) => {
  expect(formatCidr(subnetAt(cidr(text), prefix, index))).toBe(subnet);
});

it.each([
  ['10.0.0.0/24', '10.0.0.1', '10.0.0.254'],
  ['10.0.0.0/30', '10.0.0.1', '10.0.0.2'],
  ['10.0.0.0/31', '10.0.0.0', '10.0.0.1'],
  ['10.0.0.7/32', '10.0.0.7', '10.0.0.7'],
  ['fd00::/64', 'fd00::1', 'fd00::ffff:ffff:ffff:ffff'],
  ['fd00::/127', 'fd00::', 'fd00::1'],
])('usable addresses of %s go from %s to %s', (text, first, last) => {
  const usable = usableRange(cidr(text));
  expect(usable).toEqual({ first: address(first).value, last: address(last).value });
});

it('finds the nth address, and none outside', () => {
  const network = cidr('10.0.0.0/29');
  const nth = (n: bigint) => {
    const found = nthAddress(network, n);
    return found && formatAddress(found);
  };
  expect(nth(0n)).toBe('10.0.0.0');
  expect(nth(7n)).toBe('10.0.0.7');
  expect(nth(8n)).toBeUndefined();
  expect(nth(-1n)).toBeUndefined();
  expect(cidrSize(network)).toBe(8n);
});

it.each([
  ['10.0.0.0/24', '255.255.255.0'],
  ['0.0.0.0/0', '0.0.0.0'],
  ['10.0.0.1/32', '255.255.255.255'],
  ['fd00::/64', 'ffff:ffff:ffff:ffff::'],
])('the netmask of %s is %s', (text, mask) => {
  expect(netmask(cidr(text))).toBe(mask);
});
