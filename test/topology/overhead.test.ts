import { expect, it } from 'vitest';
import { largestKey, tunnelOverhead } from '../../src/topology/overhead.ts';

it.each([
  ['gre', undefined, 4, 1462],
  ['gre', 7, 4, 1458],
  ['gre', 0, 4, 1458],
  ['vxlan', 7, 4, 1450],
  ['geneve', undefined, 4, 1450],
  ['gre', undefined, 6, 1442],
  ['vxlan', undefined, 6, 1430],
] as const)('%s with key %s over IPv%i has an inner MTU of %i of 1500 bytes', (tunnel, key, version, mtu) => {
  expect(1500 - tunnelOverhead(tunnel, key, version)).toBe(mtu);
});

it.each([
  ['gre', 4294967295],
  ['vxlan', 16777215],
  ['geneve', 16777215],
] as const)('the largest key of %s is %i', (tunnel, key) => {
  expect(largestKey(tunnel)).toBe(key);
});
