import { expect, it } from 'vitest';
import { hasCycle, isWithin, type Link, parts } from '../../src/topology/graph.ts';

it.each<[string, number, Link[], { groups: number[][]; cycle: boolean }]>([
  ['nobody', 0, [], { groups: [], cycle: false }],
  ['one member', 1, [], { groups: [[0]], cycle: false }],
  ['two separate', 2, [], { groups: [[0], [1]], cycle: false }],
  ['two linked', 2, [[0, 1]], { groups: [[0, 1]], cycle: false }],
  [
    'two linked twice',
    2,
    [
      [0, 1],
      [1, 0],
    ],
    { groups: [[0, 1]], cycle: true },
  ],
  ['one linked to itself', 1, [[0, 0]], { groups: [[0]], cycle: true }],
  [
    'a chain',
    4,
    [
      [0, 1],
      [2, 3],
      [1, 2],
    ],
    { groups: [[0, 1, 2, 3]], cycle: false },
  ],
  [
    'a ring',
    4,
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
    ],
    { groups: [[0, 1, 2, 3]], cycle: true },
  ],
  [
    'a triangle and one apart',
    4,
    [
      [0, 2],
      [2, 3],
      [3, 0],
    ],
    { groups: [[0, 2, 3], [1]], cycle: true },
  ],
])('%s', (_, members, links, { groups, cycle }) => {
  expect(parts(members, links)).toEqual(groups);
  expect(hasCycle(members, links)).toBe(cycle);
});

const row = (links: number) => Array.from({ length: links }, (_, i): Link => [i, i + 1]);
const round = (members: number): Link[] => [...row(members - 1), [members - 1, 0]];

it.each<[string, number, number, Link[], boolean]>([
  ['a row of 4 links', 4, 5, row(4), true],
  ['a row of 5 links', 4, 6, row(5), false],
  ['a ring of 9', 4, 9, round(9), true],
  ['a ring of 10', 4, 10, round(10), false],
  // From the first member it is 3 links to every other one; the two ends are 6 apart.
  ['a row seen from its middle', 5, 7, row(6).map(([a, b]) => [(a + 4) % 7, (b + 4) % 7]), false],
  ['nobody', 0, 0, [], true],
])('%s within %i links', (_, hops, members, links, within) => {
  expect(isWithin(hops, members, links)).toBe(within);
});
