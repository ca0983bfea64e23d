import { describe, expect, it } from 'vitest';
import { addressChange } from '../../src/changes/address/address.ts';
import { type Change, predictAll } from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import { containerFact } from '../../src/facts/docker/container.ts';
import { containerAddressesFact } from '../../src/facts/docker/container-addresses.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact, interfacesIn } from '../../src/facts/interfaces.ts';
import { routesIn } from '../../src/facts/routes.ts';
import { markSshPath } from '../../src/plan/ssh-path.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

const restart = (names: readonly string[], deleted: readonly string[] = []): SettleAction => ({
  type: 'docker-restart',
  brings: { before: {}, after: {}, restarted: names, deleted },
});
const link = (name: string, more = {}) => ({ name, mtu: 1500, up: true, addresses: [], ...more });

/** A container with an interface of Docker's and one of ours. */
const facts = new Facts()
  .with(interfacesFact, [link('veth1a2b3c4'), link('web-eth1')])
  .with(interfacesIn('web'), [
    link('lo'),
    link('eth0', { peer: 'veth1a2b3c4' }),
    link('eth1', { peer: 'web-eth1', addresses: ['10.0.0.5/24'] }),
  ])
  .with(routesIn('web'), [{ dst: 'default', gateway: '10.0.0.1', dev: 'eth1' }])
  .with(containerFact('web'), { id: 'x', running: true })
  .with(containerAddressesFact, [{ containers: ['web'], addresses: ['172.17.0.2/16', '10.0.0.5/24'] }]);
const names = (known: Facts, container?: string) =>
  known.find(interfacesIn(container))?.map(({ name }) => name);

describe('a restart of Docker', () => {
  it('ends what is in namespaces of containers, except for what Docker itself puts there', () => {
    const after = predictAll([restart(['web'])], facts);
    expect(names(after, 'web')).toEqual(['lo', 'eth0']);
    expect(names(after)).toEqual(['veth1a2b3c4']);
    expect(after.find(routesIn('web'))).toEqual([]);
    expect(after.find(containerAddressesFact)).toEqual([
      { containers: ['web'], addresses: ['172.17.0.2/16'] },
    ]);
  });

  it('leaves the namespaces of containers alone that it does not stop', () => {
    expect(predictAll([restart(['other'])], facts).states()).toEqual(facts.states());
  });

  it('deletes containers that were run with --rm', () => {
    const after = predictAll([restart([], ['web'])], facts);
    expect([after.find(containerFact('web')), names(after, 'web')]).toEqual([null, []]);
  });

  it('comes before changes in the namespace of a container that it stops', () => {
    const changes: Change[] = [
      { ...addressChange('br0', '10.0.0.1/24', 'present'), settle: [restart(['web'])] },
      addressChange('br1', '10.0.1.1/24', 'present'),
      addressChange('eth1', '10.0.0.5/24', 'present', 'db'),
      addressChange('eth1', '10.0.0.5/24', 'present', 'web'),
    ];
    const step = { index: 0, name: 'A step', kind: 'test', changes, unknowns: [] };
    expect(stagesOf({ host: 'h', steps: [step] }).map(({ order }) => order)).toEqual([
      ['1', '2', '3', 's1', '4'],
    ]);
  });
});

it('an interface in a container is not on the SSH path, whatever its name', () => {
  const path = { controller: '192.0.2.1', interface: 'eth1', links: ['eth1'] };
  const mine = addressChange('eth1', '192.0.2.9/24', 'present', 'web');
  expect(markSshPath(mine, path)).toEqual(mine);
  expect(markSshPath(addressChange('eth1', '10.0.0.9/24', 'present'), path).risks).toEqual(['ssh-path']);
});

it('an address in a container changes no address of the host', () => {
  const known = facts.with(interfacesFact, [link('eth1', { addresses: ['10.9.9.9/24'] })]);
  const after = predictAll([addressChange('eth1', '10.0.0.6/24', 'present', 'web')], known);
  expect(after.find(interfacesFact)).toEqual(known.find(interfacesFact));
  expect(after.find(interfacesIn('web'))?.at(-1)?.addresses).toEqual(['10.0.0.5/24', '10.0.0.6/24']);
  expect(after.find(containerAddressesFact)?.[0]?.addresses).toContain('10.0.0.6/24');
});
