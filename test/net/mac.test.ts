import { expect, it } from 'vitest';
import { derivedMac, formatMac, isUnicastMac, parseMac } from '../../src/net/mac.ts';

it.each([
  ['02:42:ac:11:00:02', '02:42:ac:11:00:02'],
  ['02-42-AC-11-00-02', '02:42:ac:11:00:02'],
])('reads %s as %s', (text, canonical) => {
  const { value } = parseMac(text);
  expect(value && formatMac(value)).toBe(canonical);
});

it.each([
  '',
  '02:42:ac:11:00',
  '02:42:ac:11:00:02:03',
  '02:42:ac:11:00:2',
  '02:42:ac:11:00-02',
  '02:42:ac:11:00:0g',
])('refuses %j', (text) => {
  expect(parseMac(text).error).toMatch(/is not a MAC address/);
});

it('distinguishes unicast and multicast', () => {
  expect(isUnicastMac([2, 0, 0, 0, 0, 1])).toBe(true);
  expect(isUnicastMac([1, 0, 0x5e, 0, 0, 1])).toBe(false);
});

it('always derives the same locally administered unicast address from a seed', () => {
  // A different value renumbers every user's bridges: don't change it.
  expect(derivedMac('docker1/newbridge')).toBe(derivedMac('docker1/newbridge'));
  expect(derivedMac('')).toBe('02:e3:b0:c4:42:98'); // e3b0c44298… is the SHA-256 of the empty text
  expect(derivedMac('docker1/newbridge')).not.toBe(derivedMac('docker2/newbridge'));
});
