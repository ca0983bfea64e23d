import { describe, expect, it } from 'vitest';
import { containerFact } from '../../../src/facts/docker/container.ts';
import { containerAddressesFact } from '../../../src/facts/docker/container-addresses.ts';
import { eachNamespace, inNamespaces } from '../../../src/facts/docker/namespaces.ts';
import { interfacesFact, interfacesIn } from '../../../src/facts/interfaces.ts';
import { routesIn } from '../../../src/facts/routes.ts';
import { raw } from '../../../src/sh/sh.ts';

const id = '4f3a9c1d2e5b6a708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8';

describe('a container', () => {
  const { family } = containerFact('web');
  const read = (line: string) => family.parse(`${line}\n`, ['web']).get('web');

  it.each([
    [`running ${id}`, { id, running: true }],
    [`stopped ${id}`, { id, running: false }],
    [`host ${id}`, { id, running: true, hostNetwork: true }],
    ['none', null],
    ['no-docker', 'no Docker'],
  ])('is read from %s', (line, value) => expect(read(line)).toEqual(value));

  it('is read by its name, among others', () => {
    const values = family.parse(`none\nrunning ${id}\n`, ['web', 'db']);
    expect([values.get('db'), values.get('web')]).toEqual([null, { id, running: true }]);
  });

  it.each(['', 'running', `paused ${id}`, 'running 4f3a'])('is not read from %j', (line) => {
    expect(() => read(line)).toThrow();
  });
});

describe('addresses of containers', () => {
  const read = (text: string) => containerAddressesFact.family.parse(text, ['']).get('');
  const address = (local: string) =>
    JSON.stringify([{ ifindex: 2, ifname: 'eth0', addr_info: [{ family: 'inet', local, prefixlen: 24 }] }]);

  it('are those of a namespace, whoever shares it', () => {
    const text = [
      `web net:[4026532801] ${address('10.0.0.5')}`,
      `db net:[4026532902] [{},{}]`,
      `sidecar net:[4026532801] ${address('10.0.0.5')}`,
    ].join('\n');
    expect(read(`${text}\n`)).toEqual([
      { containers: ['web', 'sidecar'], addresses: ['10.0.0.5/24'] },
      { containers: ['db'], addresses: [] },
    ]);
  });

  it('are none where Docker does not run', () => expect(read('')).toEqual([]));
});

/** As iproute2 6.1 prints two ends of a veth pair. */
const veth = (ifindex: number, link_index: number, ifname: string) => ({
  ifindex,
  link_index,
  ifname,
  flags: ['UP'],
  mtu: 1500,
  link_type: 'ether',
  address: '02:00:00:00:00:05',
  linkinfo: { info_kind: 'veth' },
  addr_info: [],
});
const json = (...links: object[]) => `${JSON.stringify(links)}\n`;

describe('interfaces in containers', () => {
  const { family } = interfacesFact;
  const printed = `${json(veth(23, 2, 'web-eth1'), veth(24, 2, 'other'))}
container unknown

container none

container runs
${json(veth(2, 23, 'eth1'), veth(3, 99, 'eth2'))}`;
  const read = family.parse(printed, ['', 'b', 'c', 'a']);

  it("are known by name, with the host's interface at the other end", () => {
    expect(read.get('')?.map(({ name }) => name)).toEqual(['web-eth1', 'other']);
    expect(read.get('c')?.map(({ name, peer }) => [name, peer])).toEqual([
      ['eth1', 'web-eth1'],
      ['eth2', undefined],
    ]);
  });

  it('are none of a container that does not run, and unknown where Docker did not answer', () => {
    expect(read.get('b')).toEqual([]);
    expect(read.has('a')).toBe(false);
  });

  it('leave the query of the host alone as it is', () => {
    expect(family.query(['']).text).toBe('ip -j -d address show');
    expect(family.query(['', 'web']).text).toContain("in_container web 'ip -j -d address show'");
    expect(interfacesIn(undefined)).toEqual(interfacesFact);
  });
});

it('routes in a container are read as those of the host are', () => {
  const route = { dst: 'default', gateway: '10.0.0.1', dev: 'eth1', flags: [] };
  const printed = `[]\n\n[]\n\ncontainer runs\n${json(route)}\n[]`;
  expect(routesIn('web').family.parse(printed, ['web']).get('web')).toEqual([route]);
});

it('what a container prints is not taken for the answer of another one', () => {
  const script = eachNamespace(raw('echo mine'), ['b', '', 'a']).text;
  expect(script.indexOf('in_container a')).toBeLessThan(script.indexOf('in_container b'));
  const { containers } = inNamespaces('h\n\ncontainer runs\nx container none\n\ncontainer none\n', [
    'b',
    'a',
  ]);
  expect([...containers]).toEqual([
    ['a', 'x container none\n\n'],
    ['b', undefined],
  ]);
});
