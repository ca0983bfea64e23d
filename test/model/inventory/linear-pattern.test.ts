import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearPattern, PatternFault } from '../../../src/model/inventory/linear-pattern.ts';
import { globPattern, splitPattern } from '../../../src/model/inventory/pattern-parts.ts';
import { TooMuch, withAllowance } from '../../../src/source/allowance.ts';

/** Expressions that JavaScript matches in few steps. */
const expressions = fc.letrec<{ atom: string; piece: string; whole: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '\\d',
      '\\w',
      '\\.',
      '-',
      '[ab]',
      '[^a]',
      '[0-9-]',
      '^',
      '$',
      '\\b',
      '{',
      '\\x61',
    ),
    tie('whole').map((inner) => `(${inner})`),
    tie('whole').map((inner) => `(?:${inner})`),
  ),
  piece: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
    .map(([atom, sign]) => (/^[\^$]$|^\\b$/.test(atom) ? atom : atom + sign)),
  whole: fc
    .array(
      fc.array(tie('piece'), { maxLength: 3 }).map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 2 },
    )
    .map((ways) => ways.join('|')),
}));

describe('linear-time pattern matching', () => {
  it('matches like JavaScript', () => {
    const names = fc
      .array(fc.constantFrom('a', 'b', '1', '.', '-', '{'), { maxLength: 6 })
      .map((chars) => chars.join(''));
    fc.assert(
      fc.property(expressions.whole, names, (source, name) => {
        const pattern = new LinearPattern(source);
        expect(pattern.matches(name), source).toBe(new RegExp(`^(?:${source})`).test(name));
        expect(pattern.matches(name, true), source).toBe(new RegExp(`^(?:${source})$`).test(name));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['(a+)+$', '(a|a)*$', '(.*)*x', 'a*a*a*a*a*a*a*a*a*a*b', '(a{0,50}){0,50}x'])(
    'takes few steps for %s, where JavaScript takes very many',
    (source) => {
      const text = `${'a'.repeat(253)}!`;
      expect(withAllowance(() => new LinearPattern(source).matches(text, true))).toBe(false);
    },
  );

  it.each([
    ['(?=a)', 'looks ahead'],
    ['(?<!a)b', 'looks ahead or behind'],
    ['(a)\\1', 'back reference'],
    ['(?i)a', 'unknown sort'],
    ['a(', 'never closed'],
    ['a)', "has no '('"],
    ['[a', 'never closed'],
    ['[z-a]', 'means nothing'],
    ['*', 'nothing to repeat'],
    ['a**', 'nothing to repeat'],
    ['a{3,1}', 'wrong order'],
    ['a\\', 'backslash'],
    ['(a{99}){199}', 'too large'],
    ['(){99999999999999999}', 'too large'],
    ['(|){20000}', 'too large'],
    ['(a{0}){99999999999999999}', 'too large'],
    ['((){5000}){5000}', 'too large'],
    ['(){0,99999999999999999}', 'too large'],
    ['(?:(^){0}){5000,}b{0,0}(){6000}', 'too large'],
    ['('.repeat(500), 'too deeply'],
  ])('refuses %s', (source, why) => {
    expect(() => new LinearPattern(source)).toThrow(PatternFault);
    expect(() => new LinearPattern(source)).toThrow(why);
  });

  it('counts its steps', () => {
    const pattern = new LinearPattern('(a?){200}b');
    const match = () => pattern.matches('a'.repeat(60));
    expect(withAllowance(match, { work: 100_000, text: 0 })).toBe(false);
    expect(() => withAllowance(match, { work: 1000, text: 0 })).toThrow(TooMuch);
  });
});

it('matches a glob with many stars in few steps', () => {
  expect(withAllowance(() => globPattern(`${'*a'.repeat(60)}b`).matches('a'.repeat(253), true))).toBe(false);
});

it.each([
  ['a regular expression', () => new LinearPattern('(a|b)'.repeat(3000))],
  ['a glob', () => globPattern('*a'.repeat(6000))],
])('refuses %s that is too long before compiling it', (_, make) => {
  expect(make).toThrow(new PatternFault('it is too large'));
});

it('splits a host pattern of a million brackets in one pass', () => {
  expect(splitPattern('['.repeat(1_000_000))).toHaveLength(1);
  expect(splitPattern(`${'[:'.repeat(500_000)}]`)).toHaveLength(1);
});
