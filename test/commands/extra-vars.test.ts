import { describe, expect, it } from 'vitest';
import { readExtraVars } from '../../src/commands/play/extra-vars.ts';
import { lines } from '../diagnostics/lines.ts';

describe('several variables in one -e', () => {
  it.each([
    ['a=5 b=6', { a: 5, b: 6 }],
    ['  a=5\tb=6\nc=7 ', { a: 5, b: 6, c: 7 }],
    [`a='two words' b="x=1 y=2" c=true`, { a: 'two words', b: 'x=1 y=2', c: true }],
    ['a="5" b=5', { a: '5', b: 5 }],
    ['a=[1, 2] b={x: 1, y: "p q=r"}', { a: [1, 2], b: { x: 1, y: 'p q=r' } }],
    [String.raw`a="say \"b=1\"" c=2`, { a: 'say "b=1"', c: 2 }],
    ["a=it's b=6", { a: "it's", b: 6 }],
    ['a= b=6', { a: '', b: 6 }],
    ['a=1 a=2', { a: 2 }],
    ['url=http://x/?q=1 b=2', { url: 'http://x/?q=1', b: 2 }],
    // A single key takes the rest as its value.
    ['a=two words', { a: 'two words' }],
    ['a=', { a: '' }],
    ['{a: "b=1 c=2"}', { a: 'b=1 c=2' }],
    ['a: b=1', { a: 'b=1' }],
  ])('%s', (option, vars) => {
    expect(readExtraVars([option])).toEqual({ value: vars, diagnostics: [] });
  });

  it.each(['a=two words b=6', 'command=mount -o ro size=5', 'a=1 b=2 c'])(
    'refuses an ambiguous value and shows how to write it: %s',
    (option) => {
      const { value, diagnostics } = readExtraVars([option]);
      expect(value).toBeUndefined();
      expect(lines(diagnostics)).toEqual([
        expect.stringMatching(/^--extra-vars:1:1 invalid-extra-vars .*-e "a='two words' b=6"/),
      ]);
    },
  );

  it('checks each at its place', () => {
    expect(lines(readExtraVars(['a=1 host=2']).diagnostics)).toEqual([
      expect.stringMatching(/^--extra-vars:1:5 invalid-value 'host': a variable's name/),
    ]);
  });

  it('reports a value that is not what it looks like, at its place', () => {
    const { value, diagnostics } = readExtraVars(['a=1 release=3.10']);
    expect(value).toEqual({ a: 1, release: 3.1 });
    expect(lines(diagnostics)).toEqual([
      "--extra-vars:1:13 warning yaml-number 3.10 is a number, and as a text it would be 3.1 (write '3.10' in quotes, or 3.1)",
    ]);
  });
});
