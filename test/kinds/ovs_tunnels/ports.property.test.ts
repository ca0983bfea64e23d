import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OvsdbChange } from '../../../src/changes/ovsdb/change.ts';
import { ovsdbPrimitive } from '../../../src/changes/ovsdb/ovsdb.ts';
import { Facts } from '../../../src/facts/fact.ts';
import { interfacesFact } from '../../../src/facts/interfaces.ts';
import { type OvsDatabase, ovsFact, type PortSettings } from '../../../src/facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../../../src/facts/ovs/tags.ts';
import { tunnelConfig } from '../../../src/facts/ovs/tunnel.ts';
import { allocate } from '../../../src/ipam/allocate.ts';
import tunnels from '../../../src/kinds/ovs-tunnels/kind.ts';
import type { HostOverlay } from '../../../src/model/host-overlay.ts';
import type { OverlaySpec } from '../../../src/model/types.ts';
import { buildOverlay } from '../../../src/topology/build.ts';
import { host, overlay } from '../../ipam/fixtures.ts';

// An inventory at one time: machines, identified by their addresses, and their names at that time.
interface State {
  readonly names: readonly string[];
  readonly addresses: readonly number[];
  readonly overlays: readonly (Pick<OverlaySpec, 'name' | 'tunnel' | 'shape'> & { readonly key: number })[];
}

const names = ['docker1', 'docker2', 'docker3', 'docker4', 'a-host-with-a-long-name'];
const state: fc.Arbitrary<State> = fc
  .integer({ min: 2, max: 4 })
  .chain((size) =>
    fc.record({
      names: fc.shuffledSubarray(names, { minLength: size, maxLength: size }),
      addresses: fc.shuffledSubarray([11, 12, 13, 14, 15], { minLength: size, maxLength: size }),
      overlays: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('lab', 'prod', 'x-y'),
          tunnel: fc.constantFrom('gre' as const, 'gre' as const, 'vxlan' as const),
          shape: fc.constantFrom('full_mesh' as const, 'chain' as const, 'ring' as const),
          key: fc.constantFrom(1, 2),
        }),
        { minLength: 1, maxLength: 2, selector: ({ name }) => name },
      ),
    }),
  )
  .filter(({ overlays: [a, b] }) => b === undefined || a?.key !== b.key);

/** The overlays as the first machine sees them; its own address is the first as well. */
function seen({ names: all, addresses, overlays }: State): HostOverlay[] {
  const hosts = all.map((name, i) => host(name, { underlay: `10.98.0.${addresses[i]}` }));
  return overlays.map((own) => {
    const spec = overlay({ ...own, cidr: '10.0.0.0/8', bridgeRange: '10.0.0.0/16' });
    const { value } = buildOverlay(spec, hosts, allocate(spec, hosts).value ?? { hosts: new Map() });
    return value?.get(all[0] as string) ?? expect.fail('no overlay');
  });
}

/** Open vSwitch 3.1 accepts it: no port becomes a tunnel that another port is, before or after. */
function expectAccepted({ ports }: OvsdbChange, { bridges }: OvsDatabase, direction: 'apply' | 'undo'): void {
  const now = new Map<string, PortSettings>(
    Object.values(bridges).flatMap((one) => Object.entries(one.ports)),
  );
  const next = new Map(now);
  for (const { name, before, after } of ports) {
    const [from, to] = direction === 'apply' ? [before, after] : [after, before];
    if (from === null) expect(now.has(name), `${name} is there already`).toBe(false);
    if (to === null) next.delete(name);
    else next.set(name, to);
  }
  for (const [name, port] of next) {
    const config = tunnelConfig(port);
    if (config === undefined) continue;
    const same = [...now, ...next].filter(([other, its]) => other !== name && tunnelConfig(its) === config);
    expect(same, `${name}: ${config}`).toEqual([]);
  }
}

function database(facts: Facts): OvsDatabase {
  const known = facts.get(ovsFact);
  return typeof known === 'string' ? expect.fail(known) : known;
}

/** The host after an apply; Open vSwitch accepts each transaction and its undo. */
function applied(one: State, start: Facts): Facts {
  const overlays = seen(one);
  const view = {
    host: one.names[0] as string,
    step: 'Tunnels',
    overlays: new Map(overlays.map((each) => [each.name, each])),
  };
  const address = `10.98.0.${one.addresses[0]}/24`;
  let facts = start.with(interfacesFact, [{ name: 'eth0', mtu: 1500, up: true, addresses: [address] }]);
  const plan = (name: string) => tunnels.plan({ bridge: 'br', overlay: name }, facts, view);
  for (const { name } of overlays) {
    const { changes, problems = [] } = plan(name);
    expect(problems).toEqual([]);
    for (const change of changes as OvsdbChange[]) {
      const before = database(facts);
      expectAccepted(change, before, 'apply');
      facts = ovsdbPrimitive.predict(change, facts);
      expectAccepted(change, database(facts), 'undo');
    }
  }
  for (const each of overlays) {
    expect(plan(each.name).changes).toEqual([]);
    const ports = Object.values(database(facts).bridges.br?.ports ?? {});
    const own = ports.filter(({ externalIds }) => externalIds?.[overlayTag] === each.name);
    expect(
      own.map(({ externalIds, options }) => [externalIds?.[peerTag], options?.remote_ip]).sort(),
    ).toEqual(each.peers.map(({ host: peer, remoteAddress }) => [peer, remoteAddress]).sort());
  }
  return facts;
}

describe('the same tunnels under other names', () => {
  it('hosts and overlays renamed, renumbered and reshaped: never two ports for one tunnel, and nothing left to do', () => {
    let renamed = 0;
    fc.assert(
      fc.property(fc.array(state, { minLength: 2, maxLength: 4 }), (history) => {
        const empty = { bridges: { br: { ports: { br: { type: 'internal' } } } } };
        let facts = new Facts().with(ovsFact, empty);
        for (const one of history) facts = applied(one, facts);
        if (history[0]?.names[1] !== history[1]?.names[1]) renamed++;
      }),
      { numRuns: 150 },
    );
    expect(renamed).toBeGreaterThan(50);
  });
});
