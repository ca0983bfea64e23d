import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictAll } from '../../src/changes/registry.ts';
import type { Facts } from '../../src/facts/fact.ts';
import { fileFact } from '../../src/facts/file.ts';
import type { Edit } from '../../src/persistence/backend.ts';
import type { BridgeConfig, LinkConfig } from '../../src/persistence/link-config.ts';
import { backends } from '../../src/persistence/registry.ts';
import { factsOf, planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { hostsOf } from '../persistence/hosts.ts';

/** None that hosts declare already. */
const linkName = fc
  .stringMatching(/^[a-z][a-z0-9_.-]{0,12}$/)
  .filter((name) => name !== 'lo' && name !== 'other0');
const octets = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 255 }), { minLength: count, maxLength: count });
const address = fc.oneof(
  fc.tuple(octets(3), fc.integer({ min: 1, max: 32 })).map(([o, prefix]) => `10.${o.join('.')}/${prefix}`),
  fc
    .tuple(octets(1), fc.integer({ min: 1, max: 128 }))
    .map(([[o = 0], prefix]) => `fd00::${o.toString(16)}/${prefix}`),
);
const mac = octets(5).map((o) => ['02', ...o.map((one) => one.toString(16).padStart(2, '0'))].join(':'));

const bridgeOf = (name: string): fc.Arbitrary<BridgeConfig> =>
  fc.record(
    {
      name: fc.constant(name),
      type: fc.constant('linux' as const),
      addresses: fc.uniqueArray(address, { maxLength: 3 }),
      members: fc.uniqueArray(
        linkName.filter((one) => one !== name),
        { maxLength: 3 },
      ),
      mac,
      stp: fc.boolean(),
      mtu: fc.integer({ min: 68, max: 65535 }),
    },
    { noNullPrototype: true, requiredKeys: ['name', 'type', 'addresses', 'members', 'mac', 'stp'] },
  );

function predicted(edit: Edit, facts: Facts): Facts {
  if ('obstacles' in edit) expect.fail(JSON.stringify(edit.obstacles));
  return predictAll(edit.changes, facts);
}

describe.each(backends.map((backend) => [backend.name, backend] as const))('law 10: %s', (name, backend) => {
  const hosts = hostsOf[name] ?? expect.fail('test/persistence/hosts.ts has no hosts for it');
  const host = linkName.chain((link) =>
    fc.record({ bridge: bridgeOf(link), other: bridgeOf(link), facts: hosts.with(link) }),
  );

  it('reads what it has written, whatever was there before', () => {
    fc.assert(
      fc.property(host, ({ bridge, other, facts }) => {
        const once = predicted(backend.write(bridge, facts), facts);
        expect(backend.read(bridge.name, once)).toStrictEqual(bridge);
        expect(backend.write(bridge, once)).toEqual({ changes: [] });
        expect(hosts.probed(once)).toStrictEqual(once.states());
        expect(backend.read(bridge.name, predicted(backend.write(other, once), once))).toStrictEqual(other);
      }),
      { numRuns: 1000 },
    );
  });

  it('removes what it has written, and nothing else', () => {
    fc.assert(
      fc.property(host, ({ bridge, facts }) => {
        const others = ['other0', `${bridge.name}x`, `${bridge.name}y`];
        const read = (now: Facts) => others.map((one) => backend.read(one, now));
        const once = predicted(backend.write(bridge, facts), facts);
        const gone = predicted(backend.remove(bridge.name, once), once);
        expect(backend.read(bridge.name, gone)).toBeUndefined();
        expect(backend.remove(bridge.name, gone)).toEqual({ changes: [] });
        expect(read(once)).toStrictEqual(read(facts));
        expect(read(gone)).toStrictEqual(read(facts));
      }),
      { numRuns: 1000 },
    );
  });

  const moves = fc.record({
    uplink: fc.record({
      link: fc.constant('eth0'),
      bridge: fc.constant('br-lan'),
      type: fc.constantFrom('linux' as const, 'ovs' as const),
      mac,
    }),
    facts: hosts.declaring('eth0'),
  });

  it('moves all that it reads of an uplink into the bridge, and back', () => {
    fc.assert(
      fc.property(moves, ({ uplink, facts }) => {
        const { link, bridge, type } = uplink;
        const was = backend.read(link, facts) ?? expect.fail('the link is not declared');
        const within = predicted(backend.uplink.into(uplink, facts), facts);
        // Where the stanza runs commands, neither addresses nor members are known.
        const ports = was.addresses === undefined ? {} : { type, members: [link] };
        const own = type === 'ovs' ? {} : { ...ports, stp: false, forwardDelay: 0, mac: uplink.mac };
        expect(backend.read(bridge, within)).toStrictEqual({ ...was, name: bridge, ...own });
        expect(backend.read(link, within)).toEqual({ name: link, addresses: [], mtu: was.mtu });
        expect(backend.uplink.into(uplink, within)).toEqual({ changes: [] });
        const back = predicted(backend.uplink.outOf(uplink, within), within);
        expect(hosts.probed(within)).toStrictEqual(within.states());
        expect(hosts.probed(back)).toStrictEqual(back.states());
        expect(backend.read(link, back)).toStrictEqual(was);
        expect(backend.read(bridge, back)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('reads what kinds have written, and would write nothing else', () => {
    const seen = plannedCases().flatMap(({ kind, one, title }) => {
      const facts = factsOf(one);
      const { changes } = planCase(kind, one, facts);
      const now = predictAll(changes, facts);
      const paths = changes.flatMap((change) => (change.type === 'file' ? [change.path] : []));
      return paths.flatMap((path) => {
        const file = now.find(fileFact(path));
        if (file?.kind !== 'text') return [];
        return backend.declares(path, file.content).map((declared) => {
          expect(backend.read(declared.name, now), title).toStrictEqual(declared);
          if (isBridge(declared)) expect(backend.write(declared, now), title).toEqual({ changes: [] });
          return isBridge(declared) ? 'bridge' : 'link';
        });
      });
    });
    expect(new Set(seen)).toEqual(new Set(['bridge', 'link']));
  });
});

/** Whether it describes a bridge completely, as for writing, and nothing else. */
function isBridge(link: LinkConfig): link is BridgeConfig {
  const { type, addresses, members, mac, stp, gateways, forwardDelay } = link;
  const all = [addresses, members, mac, stp].every((one) => one !== undefined);
  return all && type === 'linux' && gateways === undefined && forwardDelay === undefined;
}
