import { expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { type Interface, interfacesFact } from '../../src/facts/interfaces.ts';
import { sshPathFact } from '../../src/facts/ssh-path.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { resolved } from '../resolve/play.ts';

const address = '10.97.2.11/24';
const up = { mtu: 1500, up: true, addresses: [] };

/** The hint if br7 gets an address or a member that another interface has; SSH comes through `path`. */
function hint(step: string, links: readonly Partial<Interface>[], path = ['eth9']): string | undefined {
  const { play } = resolved({ playbook: `hosts: all\nsteps:\n  - linux_bridge: { name: br7, ${step} }\n` });
  const facts = new Facts()
    .with(interfacesFact, links.map((link) => ({ ...up, ...link })) as Interface[])
    .with(sshPathFact, { controller: '10.97.2.1', interface: path[0] ?? '', links: path });
  const { diagnostics } = planHosts(play.hosts.map((host) => ({ resolved: host, facts })));
  return diagnostics.find(({ code }) => code === 'address-elsewhere' || code === 'member-moves')?.hint;
}

it.each([
  ['that SSH comes through', ['eth0']],
  ['off the SSH path', ['eth9']],
])('never suggests to delete interface %s, which is no bridge, because of its address', (_, path) => {
  expect(hint(`address: ${address}`, [{ name: 'eth0', addresses: [address] }], path)).toBe(
    'leave eth0 as it is and give br7 another address; to move eth0 into br7 with its addresses and routes, use a bridge_uplink step instead',
  );
});

it('never suggests to delete a bridge that SSH comes through', () => {
  const br0 = { name: 'br0', kind: 'bridge', addresses: [address] };
  const eth0 = { name: 'eth0', master: 'br0' };
  const stays = 'the host is reached over SSH through br0: leave it as it is';
  expect(hint(`address: ${address}`, [br0, eth0], ['br0', 'eth0'])).toBe(
    `${stays} and give br7 another address`,
  );
  expect(hint('members: [eth0]', [br0, eth0], ['br0', 'eth0'])).toBe(
    `br0 stays, and takes eth0 back at boot if its own file says so; ${stays}`,
  );
});

it('suggests to delete any other bridge if nobody needs it', () => {
  const br0 = { name: 'br0', kind: 'bridge', addresses: [address] };
  const removed = "if br0 isn't needed any more, remove it with an earlier step (state: absent)";
  expect(hint(`address: ${address}`, [br0])).toBe(`${removed}; otherwise give br7 another address`);
  expect(hint('members: [eth1]', [br0, { name: 'eth1', master: 'br0' }])).toBe(
    `br0 stays, and takes eth1 back at boot if its own file says so; ${removed}`,
  );
});

it('never suggests the loopback interface as an uplink', () => {
  expect(hint('address: 127.0.0.1/8', [{ name: 'lo', addresses: ['127.0.0.1/8'] }])).toBe(
    'give br7 another address',
  );
});
