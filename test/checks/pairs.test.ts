import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../src/checks/pairs.ts';
import type { Between } from '../../src/model/check-types.ts';

const hosts = ['a', 'b', 'c'];
const peers = new Map([
  ['a', new Set(['b', 'elsewhere'])],
  ['b', new Set(['a'])],
]);

function pairs(between: Between, among: readonly string[] = hosts): string[] {
  return pairsOf(between, among, (host) => peers.get(host) ?? new Set()).map(
    ({ source, target }) => `${source}>${target}`,
  );
}

describe('the pairs of a check', () => {
  it.each<[Between, string[]]>([
    ['all_pairs', ['a>b', 'a>c', 'b>a', 'b>c', 'c>a', 'c>b']],
    ['neighbours', ['a>b', 'b>a']],
    ['none', ['a>a', 'b>b', 'c>c']],
    [{ sample: 9 }, ['a>b', 'a>c', 'b>a', 'b>c', 'c>a', 'c>b']],
  ])('%j: %j', (between, expected) => {
    expect(pairs(between)).toEqual(expected);
  });

  it('are empty for one host, except by itself', () => {
    expect(pairs('all_pairs', ['a'])).toEqual([]);
    expect(pairs('none', ['a'])).toEqual(['a>a']);
  });

  it('are the same sample in every run, grow with it, and are spread', () => {
    const many = Array.from({ length: 20 }, (_, i) => `docker${i + 1}`);
    const ten = pairs({ sample: 10 }, many);
    expect(ten).toHaveLength(10);
    expect(pairs({ sample: 10 }, many)).toEqual(ten);
    expect(pairs({ sample: 10 }, [...many].reverse()).sort()).toEqual([...ten].sort());
    expect(pairs({ sample: 30 }, many)).toEqual(expect.arrayContaining(ten));
    expect(new Set(ten.map((pair) => pair.split('>')[0])).size).toBeGreaterThan(4);
  });
});
