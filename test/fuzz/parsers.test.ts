import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsers, worse } from './parsers.ts';

it.each(parsers)('always ends in a value or an expected error: $name', (parser) => {
  fc.assert(
    fc.property(worse(parser), (text) => {
      parser.read(text);
    }),
    { seed: 1, numRuns: 100 },
  );
  expect(parser.seeds.length).toBeGreaterThan(0);
});
