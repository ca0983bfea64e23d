import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/ipam/allocate.ts';
import type { HostOverlay } from '../../src/model/host-overlay.ts';
import type { OverlaySpec } from '../../src/model/types.ts';
import { buildOverlay } from '../../src/topology/build.ts';
import { host, overlay } from '../ipam/fixtures.ts';
import { flood, rstpCloses, type Switch } from './flood.ts';

type Built = ReadonlyMap<string, HostOverlay>;

const wide = { cidr: '10.0.0.0/8', bridgeRange: '10.0.0.0/16' };

function build(more: Partial<OverlaySpec>, names: readonly string[]) {
  const spec = overlay({ ...wide, ...more });
  const hosts = names.map((name) => host(name, { underlay: `10.98.0.${name.replace(/\D/g, '')}` }));
  return buildOverlay(spec, hosts, allocate(spec, hosts).value ?? { hosts: new Map() });
}

function built(more: Partial<OverlaySpec>, names: readonly string[]): Built {
  const { value, diagnostics } = build(more, names);
  return value ?? expect.fail(JSON.stringify(diagnostics.map(({ message }) => message)));
}

function switchesOf(overlays: Built): Switch[] {
  return [...overlays].map(([name, { peers, protection }]) => ({
    name,
    rstp: protection === 'rstp',
    ports: peers.map(({ host: peer }) => ({
      link: [name, peer].sort().join('–'),
      isProtected: protection === 'protected',
    })),
  }));
}

/** Each broadcast arrives at every other host once and never returns, whatever RSTP's root. */
function expectSound(overlays: Built, ids: ReadonlyMap<string, number>): void {
  const switches = switchesOf(overlays);
  const closed = rstpCloses(switches, ids);
  const names = switches.map(({ name }) => name);
  for (const from of names) {
    const heard = flood(switches, from, closed);
    expect(heard).toEqual(new Map(names.filter((name) => name !== from).map((name) => [name, 1])));
  }
}

/** The same tunnel at both ends: address to address, with one type and one key, and unique port names. */
function expectTwoSided(overlays: Built): void {
  for (const [name, own] of overlays) {
    for (const { host: peer, remoteAddress } of own.peers) {
      const other = overlays.get(peer);
      expect(remoteAddress).toBe(other?.underlayAddress);
      expect(other?.peers.filter((back) => back.host === name).map((back) => back.remoteAddress)).toEqual([
        own.underlayAddress,
      ]);
      expect([other?.tunnel, other?.key, other?.mtu]).toEqual([own.tunnel, own.key, own.mtu]);
    }
    expect(new Set(own.peers.map(({ port }) => port)).size).toBe(own.peers.length);
  }
}

/** Hosts in some order, with random bridge identifiers. */
const fleet = (min: number, max: number) =>
  fc.integer({ min, max }).chain((count) => {
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    const shuffled = fc.shuffledSubarray(numbers, { minLength: count });
    return fc.record({
      names: shuffled.map((order) => order.map((i) => `docker${i}`)),
      ids: shuffled.map((order) => new Map(order.map((id, i) => [`docker${i + 1}`, id]))),
    });
  });

const spanned = (names: readonly string[], start: string | undefined, links: readonly string[][]) => {
  const reached = new Set([start]);
  for (const _ of names) {
    for (const [a, b] of links) {
      if (reached.has(a)) reached.add(b);
      else if (reached.has(b)) reached.add(a);
    }
  }
  return reached.size;
};

describe('a broadcast arrives everywhere once, and ends, in', () => {
  it.each(['full_mesh', 'chain', 'ring'] as const)('a %s', (shape) => {
    fc.assert(
      fc.property(fleet(1, 12), ({ names, ids }) => {
        const overlays = built({ shape }, names);
        expectTwoSided(overlays);
        expectSound(overlays, ids);
      }),
    );
  });

  it('a hub, whichever host is the hub', () => {
    fc.assert(
      fc.property(fleet(1, 12), fc.nat(), ({ names, ids }, which) => {
        const hub = names[which % names.length] as string;
        const overlays = built({ shape: 'hub', hub }, names);
        expectTwoSided(overlays);
        expectSound(overlays, ids);
        expect(overlays.get(hub)?.peers).toHaveLength(names.length - 1);
      }),
    );
  });

  it('links of any accepted graph; refused graphs are wrong', () => {
    const seen = { tree: 0, cycle: 0, refused: new Set<string>() };
    const pairs = fleet(2, 8).chain(({ names, ids }) => {
      const end = fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...names) }, fc.constant('stranger1'));
      const links = fc.array(fc.tuple(end, end), { minLength: 1, maxLength: names.length + 3 });
      // Random graphs are hardly ever connected, so many begin with a tree.
      const tree = fc
        .array(fc.nat(), { minLength: names.length, maxLength: names.length })
        .map((at) =>
          names.slice(1).map((name, i): [string, string] => [name, names[(at[i] ?? 0) % (i + 1)] as string]),
        );
      const key = (pair: readonly string[]) => [...pair].sort().join(' ');
      const connected = fc.tuple(tree, links).map(([some, more]) => [...some, ...more]);
      // Valid graphs: whatever would be wrong is left out.
      const right = fc.tuple(tree, links).map(([some, more]) => {
        const kept = new Map(some.map((pair) => [key(pair), pair]));
        for (const pair of more)
          if (pair[0] !== pair[1] && !pair.includes('stranger1')) kept.set(key(pair), pair);
        return [...kept.values()];
      });
      return fc.record({
        names: fc.constant(names),
        ids: fc.constant(ids),
        links: fc.oneof(links, connected, tree, right),
      });
    });
    fc.assert(
      fc.property(pairs, ({ names, ids, links }) => {
        const sorted = links.map((pair) => [...pair].sort().join(' '));
        const wrong = new Set<string>();
        if (links.flat().includes('stranger1')) wrong.add('link-not-member');
        if (links.some(([a, b]) => a === b && a !== 'stranger1')) wrong.add('link-to-itself');
        const clean = sorted.filter(
          (_, i) => new Set(links[i]).size === 2 && !sorted[i]?.includes('stranger1'),
        );
        if (new Set(clean).size < clean.length) wrong.add('link-twice');
        if (wrong.size === 0 && spanned(names, names[0], links) < names.length)
          wrong.add('overlay-not-connected');

        const { value, diagnostics } = build({ shape: 'links', links }, names);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        expect(new Set(errors.map(({ code }) => code))).toEqual(wrong);
        for (const code of wrong) seen.refused.add(code);
        expect(value === undefined).toBe(wrong.size > 0);
        if (value === undefined) return;
        expectTwoSided(value);
        expectSound(value, ids);
        expect([...value.values()].reduce((sum, { peers }) => sum + peers.length, 0)).toBe(2 * links.length);
        const rstp = [...value.values()].some(({ protection }) => protection === 'rstp');
        expect(rstp).toBe(links.length >= names.length);
        if (rstp) seen.cycle++;
        else seen.tree++;
      }),
      { numRuns: 500 },
    );
    // The test has seen enough cases.
    expect(seen.tree).toBeGreaterThan(20);
    expect(seen.cycle).toBeGreaterThan(20);
    expect([...seen.refused].sort()).toEqual([
      'link-not-member',
      'link-to-itself',
      'link-twice',
      'overlay-not-connected',
    ]);
  });

  it('a ring that has lost a link', () => {
    fc.assert(
      fc.property(fleet(3, 12), ({ names, ids }) => {
        const [a, b] = [names[0] as string, names[1] as string];
        const overlays = new Map(
          [...built({ shape: 'ring' }, names)].map(([name, own]) => {
            const lost = name === a ? b : name === b ? a : undefined;
            return [name, { ...own, peers: own.peers.filter((peer) => peer.host !== lost) }];
          }),
        );
        expectSound(overlays, ids);
      }),
    );
  });
});

describe('RSTP reaches 19 hops:', () => {
  const named = (count: number) => Array.from({ length: count }, (_, i) => `docker${i + 1}`);
  const ids = (count: number, root: number) =>
    new Map(named(count).map((name, i) => [name, ((i - root + count) % count) + 1]));

  it('a ring of 39 is free of loops, whatever the root', () => {
    for (const root of [0, 7, 38]) expectSound(built({ shape: 'ring' }, named(39)), ids(39, root));
  });

  it('a ring of 41 would loop, and is refused', () => {
    const names = named(41);
    const ports = (i: number) => [i, (i + 40) % 41].map((link) => ({ link: `${link}`, isProtected: false }));
    const switches = names.map((name, i) => ({ name, rstp: true, ports: ports(i) }));
    expect(flood(switches, 'docker1', rstpCloses(switches, ids(41, 0)))).toBe('storm');
    const { value, diagnostics } = build({ shape: 'ring' }, names);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['rstp-too-wide']);
  });

  it('the same for links, where a cycle anywhere makes all links count', () => {
    const names = named(24);
    const row = names.slice(1).map((name, i): [string, string] => [names[i] as string, name]);
    const triangle: [string, string] = ['docker1', 'docker3'];
    expect(build({ shape: 'links', links: row }, names).diagnostics).toEqual([]);
    expect(
      build({ shape: 'links', links: [...row, triangle] }, names).diagnostics.map(({ code }) => code),
    ).toEqual(['rstp-too-wide']);
    const shorter = row.slice(0, 20);
    const overlays = built({ shape: 'links', links: [...shorter, triangle] }, names.slice(0, 21));
    expectSound(overlays, ids(21, 20));
  });
});

describe('a host added at the end of the inventory changes nothing', () => {
  const peersOf = (overlays: Built, name: string) => overlays.get(name)?.peers.map(({ host: peer }) => peer);

  it.each<[OverlaySpec['shape'], (names: readonly string[]) => (string | undefined)[]]>([
    ['chain', (names) => [names.at(-1)]],
    ['ring', (names) => [names[0], names.at(-1)]],
    ['hub', (names) => [names[0]]],
  ])('in a %s, except for its new neighbours', (shape, neighbours) => {
    fc.assert(
      fc.property(fleet(1, 10), ({ names }) => {
        const spec = { shape, ...(shape === 'hub' ? { hub: names[0] as string } : {}) };
        const [before, after] = [built(spec, names), built(spec, [...names, 'docker99'])];
        const changed = names.filter(
          (name) => peersOf(before, name)?.join() !== peersOf(after, name)?.join(),
        );
        expect(new Set(changed)).toEqual(new Set(neighbours(names)));
        for (const name of names) expect(after.get(name)?.protection).toBe(before.get(name)?.protection);
      }),
    );
  });

  it('in a full mesh, except for one more port on every host', () => {
    fc.assert(
      fc.property(fleet(1, 10), ({ names }) => {
        const [before, after] = [built({}, names), built({}, [...names, 'docker99'])];
        for (const name of names) {
          expect(peersOf(after, name)).toEqual([...(peersOf(before, name) ?? []), 'docker99']);
        }
      }),
    );
  });

  it('and a chain follows the order of the inventory', () => {
    const overlays = built({ shape: 'chain' }, ['docker9', 'docker10', 'docker2']);
    expect(peersOf(overlays, 'docker10')).toEqual(['docker2', 'docker9']);
    expect(peersOf(overlays, 'docker9')).toEqual(['docker10']);
  });
});
