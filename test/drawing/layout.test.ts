import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/drawing/form.ts';
import { layoutOf } from '../../src/drawing/layout.ts';
import { networkOf } from '../../src/drawing/network.ts';
import { meshOf, overlaysOf, type Pairs } from './networks.ts';

const chain = (n: number): Pairs => Array.from({ length: n - 1 }, (_, i) => [`h${i + 1}`, `h${i + 2}`]);
const hub = (n: number): Pairs => Array.from({ length: n - 1 }, (_, i) => ['h1', `h${i + 2}`]);
const layout = (pairs: Pairs) => layoutOf(networkOf({ overlays: overlaysOf(pairs) }));

describe('the layout of a graph', () => {
  it.each([
    [
      'a chain is a row from one end to the other',
      [
        [2, 0],
        [0, 3],
        [3, 1],
      ],
      { name: 'row', order: [1, 3, 0, 2] },
    ],
    [
      'a ring is a circle, in its order',
      [
        [0, 2],
        [2, 1],
        [1, 3],
        [3, 0],
      ],
      { name: 'circle', order: [0, 2, 1, 3] },
    ],
    [
      'a mesh is a circle',
      [
        [0, 1],
        [0, 2],
        [0, 3],
        [1, 2],
        [1, 3],
        [2, 3],
      ],
      { name: 'circle', order: [0, 1, 2, 3] },
    ],
    [
      'a hub is a tree, whichever host is the hub',
      [
        [2, 0],
        [2, 1],
        [2, 3],
      ],
      { name: 'tree', root: 2 },
    ],
    [
      'a tree has its centre as root',
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
        [2, 5],
      ],
      { name: 'tree', root: 2 },
    ],
    [
      'two components are a circle',
      [
        [0, 1],
        [2, 3],
      ],
      { name: 'circle', order: [0, 1, 2, 3] },
    ],
    [
      'hosts without links are left out',
      [
        [0, 1],
        [1, 4],
      ],
      { name: 'row', order: [0, 1, 4] },
    ],
    ['an empty graph is an empty row', [], { name: 'row', order: [] }],
  ] as [string, [number, number][], object][])('%s', (_, links, form) => {
    expect(formOf(6, links)).toMatchObject(form);
  });
});

describe('a layout', () => {
  it.each([
    ['mesh of 1', 1, (n: number) => [[`h${n}`, `h${n}`]] as Pairs, 'card'],
    ['mesh of 3', 3, meshOf, 'card'],
    ['mesh of 20', 20, meshOf, 'beside'],
    ['mesh of 200', 200, meshOf, 'around'],
    ['chain of 5', 5, chain, 'card'],
    ['chain of 12', 12, chain, 'card'],
    ['chain of 40', 40, chain, 'below'],
    ['chain of 200', 200, chain, 'below'],
    ['hub of 6', 6, hub, 'card'],
    ['hub of 200', 200, hub, 'around'],
  ] as const)('%s: everything is inside the picture, and no two hosts overlap', (_, hosts, pairs, style) => {
    const found = layout(pairs(hosts));
    expect(found.style).toBe(style);
    expect(found.places).toHaveLength(hosts);
    const clear = found.style === 'card' ? found.card : { width: 12, height: 12 };
    for (const [i, { x, y }] of found.places.entries()) {
      expect(x).toBeGreaterThanOrEqual(clear.width / 2);
      expect(y).toBeGreaterThanOrEqual(clear.height / 2);
      expect(x).toBeLessThanOrEqual(found.width - clear.width / 2);
      expect(y).toBeLessThanOrEqual(found.height - clear.height / 2);
      for (const other of found.places.slice(0, i)) {
        const apart = Math.abs(other.x - x) >= clear.width || Math.abs(other.y - y) >= clear.height;
        expect(apart || (style !== 'card' && Math.hypot(other.x - x, other.y - y) >= 12), `host ${i}`).toBe(
          true,
        );
      }
    }
  });

  it('of a hub has it in the middle', () => {
    const { places, width, height } = layout(hub(5));
    expect(places[0]?.x).toBeCloseTo(width / 2, 0);
    expect(places[0]?.y).toBeCloseTo(height / 2, 0);
  });

  it('leaves out some names if there are too many', () => {
    expect(layout(chain(400)).places.every(({ named }) => named)).toBe(true);
    expect(layout(chain(2000)).places.filter(({ named }) => named).length).toBeLessThanOrEqual(400);
  });

  it('places every host of any graph at a finite position', () => {
    const host = fc.integer({ min: 0, max: 30 }).map((i) => `h${i}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(host, host), { maxLength: 60 }), (pairs) => {
        const { places, width, height } = layout(pairs);
        for (const { x, y } of places) {
          expect(x >= 0 && x <= width && y >= 0 && y <= height, `${x} ${y}`).toBe(true);
        }
      }),
    );
  });
});
