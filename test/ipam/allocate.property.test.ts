import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Allocation, allocate } from '../../src/ipam/allocate.ts';
import { withLeases } from '../../src/ipam/leases.ts';
import type { Host } from '../../src/model/types.ts';
import { contains, containsCidr, overlaps, parseCidr } from '../../src/net/cidr.ts';
import { parseInterfaceAddress } from '../../src/net/interface-address.ts';
import { host, overlay } from './fixtures.ts';

const spec = overlay({ cidr: '10.11.0.0/20', bridgeRange: '10.11.0.0/25' });

/** Distinct hosts, some with values of their own that don't collide: slot i of the upper half belongs to host i. */
const hosts = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,2}[0-9]{0,3}$/),
      fixed: fc.boolean(),
      bridge: fc.boolean(),
    }),
    { maxLength: 20, selector: ({ name }) => name },
  )
  .map((list) =>
    list.map(({ name, fixed, bridge }, i) =>
      host(name, {
        overlay: {
          ...(fixed && { fixedCidr: `10.11.${8 + (i >> 4)}.${(i & 15) * 16}/28` }),
          ...(bridge && { bridgeAddress: `10.11.${12 + (i >> 4)}.${i + 1}` }),
        },
      }),
    ),
  );

const hostsAndSplit = hosts.chain((list) =>
  fc.record({
    list: fc.constant(list),
    order: fc.shuffledSubarray(list, { minLength: list.length }),
    some: fc.subarray(list),
  }),
);

function allocated(list: readonly Host[], leases?: Allocation['leases']): Allocation {
  const { value, diagnostics } = allocate(spec, list, leases);
  expect(diagnostics).toEqual([]);
  return value as Allocation;
}

function expectDisjoint(allocation: Allocation): void {
  const all = Array.from(allocation.hosts, ([name, given]) => ({
    name,
    range: parseCidr(given.fixedCidr).value as NonNullable<ReturnType<typeof parseCidr>['value']>,
    bridge: parseInterfaceAddress(given.bridgeAddress).value?.address as { version: 4; value: bigint },
  }));
  const whole = parseCidr(spec.cidr).value as (typeof all)[number]['range'];
  for (const a of all) {
    expect(containsCidr(whole, a.range)).toBe(true);
    for (const b of all) {
      if (a === b) continue;
      expect(overlaps(a.range, b.range)).toBe(false);
      expect(contains(a.range, b.bridge)).toBe(false);
      expect(a.bridge.value).not.toBe(b.bridge.value);
    }
  }
}

it('never overlaps', () => {
  fc.assert(fc.property(hosts, (list) => expectDisjoint(allocated(list))));
});

it('does not depend on the order of hosts', () => {
  fc.assert(
    fc.property(hostsAndSplit, ({ list, order }) => {
      expect(allocated(order)).toEqual(allocated(list));
    }),
  );
});

it('changes no other host when hosts are added or removed, given the leases', () => {
  fc.assert(
    fc.property(hostsAndSplit, ({ list, some }) => {
      const before = allocated(some);
      const grown = allocated(list, before.leases);
      expectDisjoint(grown);
      for (const [name, given] of before.hosts) expect(grown.hosts.get(name)).toEqual(given);
      const shrunk = allocated(some, grown.leases);
      expect(shrunk.hosts).toEqual(before.hosts);
      expect(shrunk.newLeases).toEqual(new Map());
      // Returning hosts get what they had.
      expect(allocated(list, shrunk.leases).hosts).toEqual(grown.hosts);
    }),
  );
});

it('needs no new lease the second time', () => {
  fc.assert(
    fc.property(hosts, (list) => {
      const leases = withLeases(new Map(), 'lab', allocated(list));
      expect(allocated(list, leases.get('lab')).newLeases).toEqual(new Map());
    }),
  );
});

it('is near-linear in 10,000 hosts and leases', () => {
  const count = 10_000;
  let looks = 0;
  const counted = <T extends object>(value: T): T =>
    new Proxy(value, {
      get(target, key) {
        looks++;
        return Reflect.get(target, key);
      },
    });
  const many = Array.from({ length: count }, (_, i) =>
    counted(
      host(
        `docker${i}`,
        i % 10 === 0 ? { overlay: { fixedCidr: `10.128.${(i / 10) >> 4}.${((i / 10) & 15) * 16}/28` } } : {},
      ),
    ),
  );
  const large = overlay({ cidr: '10.0.0.0/8', bridgeRange: '10.0.0.0/16' });
  const first = allocate(large, many);
  const leases = new Map(Array.from(first.value?.leases ?? [], ([name, lease]) => [name, counted(lease)]));
  const second = allocate(large, many, leases);
  expect(first.diagnostics).toEqual([]);
  expect(second.value?.hosts).toEqual(first.value?.hosts);
  expect(second.value?.newLeases.size).toBe(0);
  expect(looks).toBeGreaterThan(count);
  expect(looks).toBeLessThan(50 * count);
});
