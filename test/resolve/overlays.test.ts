import { describe, expect, it } from 'vitest';
import type { Leases } from '../../src/ipam/leases.ts';
import { problems, resolved, saying, stepsOf } from './play.ts';

const hosts = (names: string) =>
  [...names].map((name, i) => `${name}: { address: 192.0.2.${i + 1} }`).join(', ');
const overlay = 'overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }';
const playbook = saying('{{ overlay.lab.bridge_address }} {{ overlay.lab.fixed_cidr }}', { play: overlay });

describe('an overlay’s values', () => {
  const inventory = `hosts: { ${hosts('abc')} }`;

  it('do not depend on --limit', () => {
    const all = stepsOf(resolved({ inventory, playbook }));
    expect(all.c).toEqual(['say: 10.11.12.3/24 10.11.12.48/28']);
    expect(stepsOf(resolved({ inventory, playbook, limit: 'c' }))).toEqual({ c: all.c });
  });

  it('come from leases, if there are any, and stay when a host is inserted', () => {
    const { leases, leaseChanges } = resolved({ inventory: `hosts: { ${hosts('ac')} }`, playbook });
    expect(leaseChanges.map(({ overlay: name, host }) => `${name} ${host}`)).toEqual(['lab a', 'lab c']);
    const grown = resolved({ inventory, playbook, leases });
    expect(stepsOf(grown)).toEqual({
      a: ['say: 10.11.12.1/24 10.11.12.16/28'],
      b: ['say: 10.11.12.3/24 10.11.12.48/28'],
      c: ['say: 10.11.12.2/24 10.11.12.32/28'],
    });
    expect(grown.leaseChanges).toMatchObject([
      { overlay: 'lab', host: 'b', after: { bridgeAddress: '10.11.12.3', fixedCidr: '10.11.12.48/28' } },
    ]);
  });

  it('that are already leased make no new lease', () => {
    const { leases } = resolved({ inventory, playbook });
    expect(resolved({ inventory, playbook, leases }).leaseChanges).toEqual([]);
  });

  it('keep the leases of overlays outside this play', () => {
    const leases: Leases = new Map([['other', new Map([['x', { fixedCidr: '10.9.0.0/28' }]])]]);
    const after = resolved({ inventory, playbook, leases });
    expect(after.leases.get('other')).toEqual(leases.get('other'));
    expect(after.leaseChanges.map(({ overlay: name }) => name)).not.toContain('other');
  });

  it('can be set for a host, and are then reserved', () => {
    const own =
      'hosts: { a: { address: 192.0.2.1, overlays: { lab: { fixed_cidr: 10.11.12.32/28, bridge_address: 10.11.12.2 } } }, b: { address: 192.0.2.2 } }';
    expect(stepsOf(resolved({ inventory: own, playbook }))).toEqual({
      a: ['say: 10.11.12.2/24 10.11.12.32/28'],
      b: ['say: 10.11.12.1/24 10.11.12.16/28'],
    });
  });

  it('may be defined in the inventory', () => {
    const steps = stepsOf(
      resolved({ inventory: `${inventory}\n${overlay}`, playbook: saying('{{ overlay.lab.mtu }} ok') }),
    );
    expect(steps.a).toEqual(['say: 1462 ok']);
  });
});

describe('an overlay’s members', () => {
  const inventory = `groups: { web: { hosts: { ${hosts('ab')} } }, db: { hosts: { c: { address: 192.0.2.9 } } } }`;

  it('are the playbook’s hosts', () => {
    const { play } = resolved({ inventory, playbook: playbook.replace('hosts: all', 'hosts: web') });
    expect(play.hosts[0]?.overlays.get('lab')?.peers.map(({ host }) => host)).toEqual(['b']);
  });

  it("are its own hosts, if it names any; others don't see it", () => {
    const text = saying("{{ 'in' if overlay.lab is defined else 'out' }}", {
      play: overlay.replace('subnet_prefix', 'hosts: db, subnet_prefix'),
    });
    expect(stepsOf(resolved({ inventory, playbook: text }))).toEqual({
      a: ['say: out'],
      b: ['say: out'],
      c: ['say: in'],
    });
  });

  it('must exist', () => {
    const text = saying('x', { play: overlay.replace('subnet_prefix', 'hosts: wbe, subnet_prefix') });
    expect(problems({ inventory, playbook: text })).toEqual([
      expect.stringMatching(
        /^2:\d+ unknown-pattern there is no host or group 'wbe' \(did you mean 'web'\?\)/,
      ),
    ]);
  });
});

describe('an overlay with errors', () => {
  const inventory = `hosts: { ${hosts('abc')} }`;
  const tooSmall = 'overlays: { lab: { cidr: 10.11.12.0/27, tunnel: gre, subnet_prefix: 28 } }';

  it('is reported together with other errors, and without errors that follow from it', () => {
    const text = `hosts: all
${tooSmall}
steps:
  - { name: "{{ missing }}", command: { always: true, run: x } }
  - { name: fine, command: { always: true, run: "{{ overlay.lab.mtu }}" } }
  - ovs_tunnels: { bridge: br, overlay: lab }
  - ovs_bridge: { name: a_name_of_16_char }
`;
    const said = problems({ inventory, playbook: text });
    expect(said.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      expect.stringMatching(/^2:\d+ /),
      '4:17 undefined-variable',
      '7:25 invalid-value',
    ]);
  });

  it('makes no step vanish silently: there is no resolution', () => {
    expect(
      problems({ inventory, playbook: saying('{{ overlay.lab.mtu }}', { play: tooSmall }) }),
    ).toHaveLength(1);
  });
});
