import { expect, it } from 'vitest';
import { sentence } from '../../src/diagnostics/sentence.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { ovsFact } from '../../src/facts/ovs/ovs.ts';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { resolved } from '../resolve/play.ts';
import { document } from '../source/document.ts';

const playbook = `hosts: all
overlays: { lab: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24 } }
steps:
  - ovs_bridge: { name: br0 }
  - ovs_tunnels: { bridge: br0, overlay: lab }
`;

/**
 * The messages for hosts h1, h2, … with these underlay addresses and these on their interfaces; undefined: unknown.
 */
function said(...hosts: readonly [underlay: string, own: readonly string[] | undefined][]): string[] {
  const lines = hosts.map(
    ([underlay], i) => `  h${i + 1}: { address: h${i + 1}.example, underlay_address: "${underlay}" }\n`,
  );
  const play = resolved({ inventory: `hosts:\n${lines.join('')}`, playbook }).play;
  const known = play.hosts.map((host, i) => {
    const own = hosts[i]?.[1];
    const facts = new Facts().with(ovsFact, { bridges: {} });
    const addresses = [
      '127.0.0.1/8',
      'fe80::1/64',
      '172.17.0.1/16',
      ...(own ?? []).map((one) => `${one}/24`),
    ];
    const links = [{ name: 'eth0', mtu: 1500, up: true, addresses }];
    return { resolved: host, facts: own === undefined ? facts : facts.with(interfacesFact, links) };
  });
  return planHosts(known)
    .diagnostics.filter(({ code }) => code.startsWith('underlay'))
    .map((one) => `${one.severity} ${one.code} ${sentence(one)}`);
}

it('accepts underlay addresses that the hosts have, in any notation', () => {
  expect(said(['10.98.0.1', ['10.98.0.1']], ['10.98.0.2', ['10.97.0.2', '10.98.0.2']])).toEqual([]);
  expect(said(['fd00::0:1', ['fd00::1']], ['fd00::2', ['fd00::2']])).toEqual([]);
});

it('reports an error for both hosts if they have swapped their underlay addresses', () => {
  expect(
    said(['10.98.0.2', ['10.98.0.1']], ['10.98.0.1', ['10.98.0.2']], ['10.98.0.3', ['10.98.0.3']]),
  ).toEqual([
    "error underlay-swapped h1: tunnels to 'h1' would arrive at 'h2', which has 10.98.0.2",
    "error underlay-swapped h2: tunnels to 'h2' would arrive at 'h1', which has 10.98.0.1",
  ]);
});

it('accepts an underlay address that no host has, or that another host forwards: it may be a NAT', () => {
  expect(said(['203.0.113.9', ['10.98.0.1']], ['10.98.0.2', ['10.98.0.2', '203.0.113.9']])).toEqual([
    "warning underlay-not-there h1: tunnels to 'h1' lead to 203.0.113.9, which none of its interfaces has, and 'h2' has it",
  ]);
  expect(said(['203.0.113.9', ['10.98.0.1']], ['10.98.0.2', ['10.98.0.2']])).toEqual([
    "warning underlay-not-there h1: tunnels to 'h1' lead to 203.0.113.9, which none of its interfaces has",
  ]);
});

it('ignores hosts without facts', () => {
  expect(said(['10.98.0.2', undefined], ['10.98.0.1', ['10.98.0.1']])).toEqual([]);
});

it.each(['127.0.1.1', '::1', 'fe80::1', '224.0.0.1', '0.0.0.0', '255.255.255.255'])(
  'validate refuses the underlay address %s, with its place',
  (address) => {
    const inventory = `hosts:\n  h1: { address: 192.0.2.1, underlay_address: "${address}" }\n`;
    const { diagnostics } = parseInventory(document(inventory, 'inv.yml'));
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['error']);
    const { start, end } = diagnostics[0]?.range ?? expect.fail('no place');
    expect(inventory.slice(start, end)).toContain(address);
  },
);
