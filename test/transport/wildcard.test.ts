import { expect, it } from 'vitest';
import { matchesWildcard } from '../../src/transport/wildcard.ts';

it.each([
  ['docker1', 'docker1', true],
  ['docker?', 'docker12', false],
  ['docker?', 'docker1', true],
  ['*', '', true],
  ['?', '', false],
  ['*.example.com', 'a.b.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*a*b', 'xxaxxab', true],
  ['*a*b', 'xxaxxabc', false],
  ['a**', 'a', true],
  ['10.0.?.*', '10.0.1.200', true],
  ['[*]:22', '[h]:22', true],
  ['a.c', 'abc', false],
  ['*x', '*yx', true],
])('%s matches %s: %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});

it('takes no exponential time', () => {
  expect(matchesWildcard(`${'*a'.repeat(30)}b`, 'a'.repeat(2000))).toBe(false);
});
