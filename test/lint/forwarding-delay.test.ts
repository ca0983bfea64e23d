import { expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { type Interface, interfacesFact } from '../../src/facts/interfaces.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { withPatience } from '../../src/run/check-run.ts';
import { resolved } from '../resolve/play.ts';

/** The warnings about STP, and how long a run's checks are retried, if br0 gets eth1. */
function planned(bridge: Partial<Interface>, member: Partial<Interface> = {}, more = '') {
  const { play } = resolved({
    playbook: `hosts: all
steps:
  - linux_bridge: { name: br0, mac: "02:00:00:00:00:01", members: [eth1]${more} }
checks:
  - { name: Near, command: { run: x }, retry: 90 }
  - { name: Well, command: { run: x }, retry: 2 }
`,
  });
  const facts = new Facts().with(interfacesFact, [
    {
      name: 'br0',
      kind: 'bridge',
      mac: '02:00:00:00:00:01',
      mtu: 1500,
      up: true,
      addresses: [],
      ...bridge,
    },
    { name: 'eth1', mtu: 1500, up: true, addresses: [], ...member },
  ]);
  const { hosts, diagnostics } = planHosts(play.hosts.map((host) => ({ resolved: host, facts })));
  return {
    said: diagnostics.flatMap(({ code, message }) => (code === 'forwarding-delay' ? [message] : [])),
    retries: withPatience(play.checks, hosts).map(({ check }) => check.retry),
  };
}

const said = ['br0 speaks STP: nothing passes its new member eth1 for some 30 s'];

it('warns about a new member of a bridge with STP, and retries checks for longer', () => {
  expect(planned({ stp: true })).toEqual({ said, retries: [90, 60] });
  expect(planned({}, {}, ', stp: true')).toEqual({ said, retries: [90, 60] });
});

it('warns about a bridge with STP that comes up with its members', () => {
  expect(planned({ stp: true, up: false }, { master: 'br0' })).toEqual({ said, retries: [90, 60] });
});

it('waits for nothing without STP, or if the member is already there', () => {
  expect(planned({})).toEqual({ said: [], retries: [90, 2] });
  expect(planned({ stp: true }, {}, ', stp: false')).toEqual({ said: [], retries: [90, 2] });
  expect(planned({ stp: true }, { master: 'br0' })).toEqual({ said: [], retries: [90, 2] });
});
