import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { type Ovs, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { packageFact } from '../../src/facts/package.ts';
import { planPeers } from '../../src/plan/peers.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { peerLines } from '../../src/report/plan/peer-words.ts';
import { resolved } from '../resolve/play.ts';

const inventory = `
hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 }, c: { address: 192.0.2.3 }, d: { address: 192.0.2.4 } }
`;
const playbook = `
name: p
hosts: all
overlays: { mesh: { cidr: 10.1.0.0/24, tunnel: gre, subnet_prefix: 28 } }
steps: [{ name: tunnels, ovs_tunnels: { bridge: br, overlay: mesh } }]
`;

const knowing = (ovs: Ovs) =>
  new Facts()
    .with(ovsFact, ovs)
    .with(interfacesFact, [])
    .with(packageFact('openvswitch-switch'), { installed: '3.1', candidate: '3.1' });
const bridge = knowing({ bridges: { br: { ports: { br: { type: 'internal' } } } } });

/** The facts of a host that has all its tunnels except those to some peers. */
function without(host: string, ...peers: string[]): Facts {
  const play = resolved({ inventory, playbook }).play;
  const all = planHosts(play.hosts.map((one) => ({ resolved: one, facts: bridge })));
  const own = all.hosts.find(({ plan }) => plan.host === host);
  const ports = own?.plan.steps.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.type === 'ovsdb' ? change.ports : [])),
  );
  const there = ports?.filter(({ after }) => !peers.includes(after?.externalIds?.['meshbook-peer'] ?? ''));
  return knowing({
    bridges: {
      br: { ports: Object.fromEntries(there?.map(({ name, after }) => [name, after ?? {}]) ?? []) },
    },
  });
}

/** The message about the peers of d, which is selected. */
function said(facts: Record<string, Facts>) {
  const { play } = resolved({ inventory, playbook, limit: 'd', peers: true });
  const known = (play.peers?.hosts ?? []).map((one) => ({
    resolved: one,
    facts: facts[one.host.name] ?? without(one.host.name),
  }));
  const needs = planPeers(known, new Set(['d'])).flatMap(({ need }) => need ?? []);
  return peerLines(needs).map(({ sign, text }) => `${sign} ${text}`);
}

/** The same once the overlay has another range, on peers with these addresses. */
function planned(addresses: Record<string, string[]>) {
  const leases = resolved({ inventory, playbook }).leases;
  const moved = playbook.replace('10.1.0.0', '10.2.0.0');
  const { play } = resolved({ inventory, playbook: moved, leases, limit: 'd', peers: true });
  const known = (play.peers?.hosts ?? []).map((one) => ({
    resolved: one,
    facts: without(one.host.name).with(interfacesFact, [
      { name: 'br1', kind: 'bridge', mtu: 1462, up: true, addresses: addresses[one.host.name] ?? [] },
    ]),
  }));
  const needs = planPeers(known, new Set(['d'])).flatMap(({ need }) => need ?? []);
  return peerLines(needs).map(({ sign, text }) => `${sign} ${text}`);
}

describe('peers that need a change as well', () => {
  it('are those that lack their end of a tunnel to a selected host, listed together', () => {
    expect(said({ a: without('a', 'd'), b: without('b', 'd') })).toEqual([
      '! a, b: 1 tunnel to d (1. tunnels)',
    ]);
  });

  it('are none if only tunnels between others differ', () => {
    expect(said({ a: without('a', 'b') })).toEqual([]);
    expect(said({})).toEqual([]);
  });

  it('may need more than the steps that make tunnels, or be unknown', () => {
    expect(said({ a: knowing({ bridges: {} }), b: new Facts() })).toEqual([
      expect.stringMatching(
        /^! a: more than its tunnels must change first: .*no Open vSwitch bridge named br$/,
      ),
      expect.stringMatching(/^\? b: not known: ovs was not read$/),
    ]);
  });

  it('are those that an overlay renumbers, which no step that makes tunnels can do', () => {
    const renumbered = planned({ b: ['10.1.0.2/24'], c: ['10.2.0.3/24', '10.1.0.3/24'] });
    expect(renumbered).toEqual([
      "! b: more than its tunnels must change first: overlay 'mesh' gives it 10.2.0.2/24, and it still has 10.1.0.2",
    ]);
  });

  it('are also those whose end has other settings', () => {
    const ovs = without('a').get(ovsFact);
    if (typeof ovs === 'string') throw new Error('no Open vSwitch');
    const [name, port] = Object.entries(ovs.bridges.br?.ports ?? {}).find(
      ([, { externalIds }]) => externalIds?.['meshbook-peer'] === 'd',
    ) ?? ['', {}];
    const changed = { ...port, options: { ...port.options, remote_ip: '192.0.2.99' } };
    const all = { ...ovs.bridges.br?.ports, [name]: changed };
    expect(said({ a: knowing({ bridges: { br: { ports: all } } }) })).toEqual([
      '! a: 1 tunnel to d (1. tunnels)',
    ]);
  });
});
