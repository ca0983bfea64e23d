import { expect, it } from 'vitest';
import { formatCidr } from '../../src/net/cidr.ts';
import {
  formatInterfaceAddress,
  interfaceNetwork,
  parseInterfaceAddress,
} from '../../src/net/interface-address.ts';

it.each([
  ['10.0.0.5/24', '10.0.0.5/24', '10.0.0.0/24'],
  ['10.0.0.0/31', '10.0.0.0/31', '10.0.0.0/31'],
  ['10.0.0.1/31', '10.0.0.1/31', '10.0.0.0/31'],
  ['10.0.0.255/32', '10.0.0.255/32', '10.0.0.255/32'],
  ['10.0.0.255/23', '10.0.0.255/23', '10.0.0.0/23'],
  ['FD00:0::5/64', 'fd00::5/64', 'fd00::/64'],
])('reads %s as %s in %s', (text, canonical, network) => {
  const { value } = parseInterfaceAddress(text);
  expect(value && formatInterfaceAddress(value)).toBe(canonical);
  expect(value && formatCidr(interfaceNetwork(value))).toBe(network);
});

it.each([
  ['10.0.0.0/24', /is the network address of 10\.0\.0\.0\/24/],
  ['10.0.0.255/24', /is the broadcast address of 10\.0\.0\.0\/24/],
  ['10.0.0.3/30', /is the broadcast address of 10\.0\.0\.0\/30/],
  ['10.0.0.5', /prefix length is missing, as in '10\.0\.0\.5\/24'/],
  ['10.0.0.5/64', /between 0 and 32/],
  ['', /prefix length is missing/],
])('refuses %j', (text, error) => {
  expect(parseInterfaceAddress(text).error).toMatch(error);
});
