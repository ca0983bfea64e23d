import { expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { ovsFact } from '../../src/facts/ovs/ovs.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { resolved } from '../resolve/play.ts';

const playbook = `hosts: all
overlays: { lab: { cidr: 10.0.0.0/16, tunnel: gre, key: 7, subnet_prefix: 24 } }
steps:
  - ovs_tunnels: { bridge: br0, overlay: lab }
`;

/** The messages about a port in VLAN 5 with this MTU, on hosts of an overlay with an inner MTU of 1458. */
function said(mtu: number, bridge = 'br0'): string[] {
  const known = resolved({ playbook }).play.hosts.map((host) => ({
    resolved: host,
    facts: new Facts()
      .with(interfacesFact, [
        { name: 'vlan5', kind: 'openvswitch', mtu, up: true, addresses: [] },
        { name: 'eth0', mtu: 1500, up: true, addresses: [`${host.host.address}/24`] },
      ])
      .with(ovsFact, {
        bridges: {
          br0: { ports: { br0: { type: 'internal' } } },
          [bridge]: { ports: { [bridge]: { type: 'internal' }, vlan5: { type: 'internal', tag: 5 } } },
        },
      }),
  }));
  return planHosts(known).diagnostics.flatMap(({ code, message }) =>
    code === 'mtu-above-overlay' ? [message] : [],
  );
}

it("counts the four bytes of a VLAN tag against the tunnel's MTU", () => {
  expect(said(1458)).toEqual([
    "the MTU of vlan5 is 1458; it is in VLAN 5 on br0, and with its tag 1454 fit into overlay 'lab'",
  ]);
  expect(said(1454)).toEqual([]);
});

it('ignores access ports on other bridges', () => {
  expect(said(1500, 'br1')).toEqual([]);
});
