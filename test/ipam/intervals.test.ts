import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freeBlocks, type Interval, meets, merged } from '../../src/ipam/intervals.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([first, length]): Interval => ({ first, last: first + length }));

const numbers = ({ first, last }: Interval) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

it('merges into sorted intervals with gaps in between and the same numbers', () => {
  fc.assert(
    fc.property(fc.array(interval), (intervals) => {
      const result = merged(intervals);
      expect(result.flatMap(numbers)).toEqual([...new Set(intervals.flatMap(numbers))].sort((a, b) => a - b));
      for (let i = 1; i < result.length; i++) {
        expect((result[i] as Interval).first).toBeGreaterThan((result[i - 1] as Interval).last + 1);
      }
    }),
  );
});

it('tells whether an interval overlaps any of them', () => {
  fc.assert(
    fc.property(fc.array(interval), interval, (intervals, other) => {
      const taken = new Set(intervals.flatMap(numbers));
      expect(meets(merged(intervals), other)).toBe(numbers(other).some((n) => taken.has(n)));
    }),
  );
});

it('finds exactly the aligned blocks that are completely free, lowest first', () => {
  fc.assert(
    fc.property(interval, fc.integer({ min: 1, max: 5 }), fc.array(interval), (within, size, intervals) => {
      const taken = new Set(intervals.flatMap(numbers));
      const expected: Interval[] = [];
      for (let first = within.first; first + size - 1 <= within.last; first += size) {
        const block = { first, last: first + size - 1 };
        if (!numbers(block).some((n) => taken.has(n))) expected.push(block);
      }
      expect([...freeBlocks(within, size, merged(intervals))]).toEqual(expected);
    }),
  );
});

it('skips a large interval in one step', () => {
  const taken = merged([{ first: 0, last: 2 ** 40 }]);
  expect(freeBlocks({ first: 0, last: 2 ** 41 }, 4, taken).next().value?.first).toBe(2 ** 40 + 4);
});
