import { expect, it } from 'vitest';
import { expandHostRange } from '../../../src/model/inventory/host-range.ts';
import { hostNames, hostsAmong } from '../../../src/report/text/host-names.ts';

const numbered = (stem: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${stem}${from + i}`);

it.each([
  ['few are listed', ['b', 'a'], 'a, b'],
  ['three in a row are listed', numbered('docker', 1, 3), 'docker1, docker2, docker3'],
  ['four in a row are a range', numbered('docker', 9, 12), 'docker[9:12]'],
  ['gaps split ranges', [...numbered('d', 1, 4), 'd6', ...numbered('d', 8, 11)], 'd[1:4], d6, d[8:11]'],
  ['keeps leading zeros', ['n08', 'n09', 'n10', 'n11'], 'n[08:11]'],
  ['numbers of different lengths are not a range', ['n8', 'n09', 'n10', 'n11'], 'n8, n09, n10, n11'],
  ['a number before a domain is not a range', ['d1.x', 'd2.x', 'd3.x', 'd4.x'], 'd1.x, d2.x, d3.x, d4.x'],
  ['names of digits only', ['1', '2', '3', '4'], '[1:4]'],
  ['control characters are escaped', ['a\u001b[2J'], 'a\\x1b[2J'],
])('%s', (_, hosts, expected) => {
  expect(hostNames(hosts)).toBe(expected);
});

it.each(['docker[9:12]', 'n[08:11]'])('a range can be read back by an inventory: %s', (range) => {
  expect(hostNames(expandHostRange(range).value ?? [])).toBe(range);
});

it.each([
  ['the only host', ['a'], ['a'], ''],
  ['both', ['a', 'b'], ['a', 'b'], 'both hosts'],
  ['all', ['a', 'b', 'c'], ['a', 'b', 'c'], 'all 3 hosts'],
  ['nearly all', ['a', 'b', 'c'], ['a', 'b', 'c', 'd'], 'all but d'],
  ['half', ['a', 'b'], ['a', 'b', 'c', 'd'], 'a, b'],
])('hostsAmong: %s', (_, some, all, expected) => {
  expect(hostsAmong(new Set(some), all)).toBe(expected);
});
