import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, hang, truncate, wrap } from '../../../src/report/text/columns.ts';

describe('wrap', () => {
  it.each([
    ['breaks at spaces', 'one two three', 8, ['one two', 'three']],
    ['keeps what fits', 'one two', 7, ['one two']],
    ['breaks a word that is too long', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['continues after a broken word', 'abcdef g', 4, ['abcd', 'ef g']],
    ['keeps several spaces within a line', 'a  b', 8, ['a  b']],
    ['counts wide characters as two', '日本語 日本', 6, ['日本語', '日本']],
    ['makes one line of an empty text', '', 8, ['']],
  ])('%s', (_, text, columns, expected) => {
    expect(wrap(text, columns)).toEqual(expected);
  });

  it('never makes a line that is too wide, and drops only spaces', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zé日 ]{0,60}$/),
        fc.integer({ min: 2, max: 30 }),
        (text, columns) => {
          const lines = wrap(text, columns);
          expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        },
      ),
    );
  });
});

it('hang indents the lines after the first', () => {
  expect(hang('  + ', 'a longer text', 12)).toEqual(['  + a longer', '    text']);
});

it.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 4, 'abc…'],
  ['日本語', 4, '日…'],
  ['abc', 0, ''],
])('truncate %s to %i columns', (text, columns, expected) => {
  expect(truncate(text, columns)).toBe(expected);
});
