import { expect, it } from 'vitest';
import { hasCycle, isComplete, isConnected, type Link } from '../../src/topology/graph.ts';
import { shapes } from '../../src/topology/shapes.ts';

it.each<[string, number, Link[], { connected: boolean; cycle: boolean; complete: boolean }]>([
  ['nobody', 0, [], { connected: true, cycle: false, complete: true }],
  ['one member', 1, [], { connected: true, cycle: false, complete: true }],
  ['two apart', 2, [], { connected: false, cycle: false, complete: false }],
  ['two linked', 2, [[0, 1]], { connected: true, cycle: false, complete: true }],
  [
    'two linked twice',
    2,
    [
      [0, 1],
      [1, 0],
    ],
    { connected: true, cycle: true, complete: true },
  ],
  ['one linked to itself', 1, [[0, 0]], { connected: true, cycle: true, complete: false }],
  [
    'a chain',
    4,
    [
      [0, 1],
      [2, 3],
      [1, 2],
    ],
    { connected: true, cycle: false, complete: false },
  ],
  [
    'a hub',
    4,
    [
      [0, 1],
      [0, 2],
      [0, 3],
    ],
    { connected: true, cycle: false, complete: false },
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
    { connected: true, cycle: true, complete: false },
  ],
  [
    'a triangle and one apart',
    4,
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
    { connected: false, cycle: true, complete: false },
  ],
  [
    'a triangle',
    3,
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
    { connected: true, cycle: true, complete: true },
  ],
])('%s', (_, members, links, { connected, cycle, complete }) => {
  expect(isConnected(members, links)).toBe(connected);
  expect(hasCycle(members, links)).toBe(cycle);
  expect(isComplete(members, links)).toBe(complete);
});

it.each([1, 2, 3, 10])('a full mesh of %i is complete, each link once', (members) => {
  const links = [...shapes.full_mesh.links(members)];
  expect(links).toHaveLength((members * (members - 1)) / 2);
  expect(isComplete(members, links)).toBe(true);
});
