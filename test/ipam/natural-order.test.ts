import { expect, it } from 'vitest';
import { naturalOrder } from '../../src/ipam/natural-order.ts';

it.each([
  ['numbers by value', ['docker10', 'docker2', 'docker1'], ['docker1', 'docker2', 'docker10']],
  [
    'each number in turn',
    ['rack2-host1', 'rack1-host10', 'rack1-host9'],
    ['rack1-host9', 'rack1-host10', 'rack2-host1'],
  ],
  ['a prefix first', ['web-a', 'web'], ['web', 'web-a']],
  [
    'numbers beyond 2^53',
    ['h9007199254740993', 'h9007199254740992'],
    ['h9007199254740992', 'h9007199254740993'],
  ],
  ['leading zeros as a tie-breaker', ['h1', 'h01', 'h001'], ['h001', 'h01', 'h1']],
  ['capitals by code', ['b', 'A', 'a', 'B'], ['A', 'B', 'a', 'b']],
])('sorts %s', (_, names, expected) => {
  expect(naturalOrder(names)).toEqual(expected);
  expect(naturalOrder([...names].reverse())).toEqual(expected);
});
