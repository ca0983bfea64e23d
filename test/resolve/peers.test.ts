import { describe, expect, it } from 'vitest';
import { resolved } from './play.ts';

const inventory = `
hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 }, c: { address: 192.0.2.3 }, d: { address: 192.0.2.4 } }
`;
const playbook = `
name: p
hosts: all
overlays:
  mesh: { cidr: 10.1.0.0/24, tunnel: gre, subnet_prefix: 28 }
  pair: { cidr: 10.2.0.0/24, tunnel: vxlan, key: 7, subnet_prefix: 28, hosts: 'a,b' }
steps:
  - { name: note, command: { run: 'true', always: true } }
  - { name: bridge, ovs_bridge: { name: br } }
  - { name: second, ovs_bridge: { name: br2 } }
  - { name: mesh, tags: mesh, ovs_tunnels: { bridge: br, overlay: mesh } }
  - { name: pair, hosts: 'a,b', tags: pair, ovs_tunnels: { bridge: br2, overlay: pair } }
checks:
  - { name: reach, command: { run: 'true' } }
`;

function peersOf(more: object) {
  const { play } = resolved({ inventory, playbook, peers: true, ...more });
  return (
    play.peers && {
      chosen: play.hosts.map(({ host }) => host.name),
      peers: Object.fromEntries(
        play.peers.hosts.map(({ host, steps }) => [host.name, steps.map(({ name }) => name)]),
      ),
      checked: play.peers.checks.map(({ hosts }) => [...hosts.keys()].join('')),
    }
  );
}

describe('the peers of selected hosts', () => {
  it('are the other ends of their tunnels, with the steps that make those', () => {
    expect(peersOf({ limit: 'd' })).toEqual({
      chosen: ['d'],
      peers: { a: ['mesh'], b: ['mesh'], c: ['mesh'] },
      checked: ['abcd'],
    });
    expect(peersOf({ limit: 'a,c' })?.peers).toEqual({ b: ['mesh', 'pair'], d: ['mesh'] });
  });

  it('are only those of steps that the tags select', () => {
    expect(peersOf({ limit: 'a', tags: ['pair'] })).toMatchObject({ peers: { b: ['pair'] } });
    expect(peersOf({ limit: 'a', skipTags: ['mesh', 'pair'] })).toMatchObject({ peers: {} });
  });

  it('are none if all hosts are selected, and are computed only on request', () => {
    expect(peersOf({ limit: 'all' })?.peers).toEqual({});
    expect(peersOf({})).toBeUndefined();
    expect(peersOf({ limit: 'd', peers: false })).toBeUndefined();
  });
});
