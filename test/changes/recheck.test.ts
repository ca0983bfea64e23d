import { describe, expect, it } from 'vitest';
import { addressChange } from '../../src/changes/address/address.ts';
import type { Parts } from '../../src/changes/change.ts';
import { type Change, type Effect, recheckOf as found, primitives } from '../../src/changes/registry.ts';
import { isSameThing } from '../../src/changes/thing.ts';
import { type Docker, dockerFact } from '../../src/facts/docker/docker.ts';
import { noSwarm, swarmFact } from '../../src/facts/docker/swarm.ts';
import { Facts, UnknownFact } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact, type TextFile } from '../../src/facts/file.ts';
import { type Interface, interfacesFact } from '../../src/facts/interfaces.ts';
import { type OvsBridge, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { sysctlFact } from '../../src/facts/sysctl.ts';
import { unitFact } from '../../src/facts/unit.ts';

function recheckOf(effect: Effect) {
  return found(effect) ?? expect.fail('nothing tells');
}

function parts(change: Effect, facts: Facts): Parts {
  return recheckOf(change).parts(change, facts);
}

const text = (content: string, more: Partial<TextFile> = {}): TextFile => ({
  kind: 'text',
  content,
  mode: '0644',
  owner: 'root',
  group: 'root',
  ...more,
});
const link = (name: string, more: Partial<Interface> = {}): Interface => ({
  name,
  mtu: 1500,
  up: true,
  addresses: [],
  ...more,
});
const links = (...all: Interface[]) => new Facts().with(interfacesFact, all);
const ovs = (bridges: Record<string, OvsBridge>) => new Facts().with(ovsFact, { bridges });

const wanted = { content: 'new\n', mode: '0600', owner: 'root', group: 'root' };
const file: Change = { type: 'file', path: '/etc/a', before: null, after: wanted };
const secret: Change = { ...file, secret: true };
/** As a record has it, without its content. */
function declares(path: string): Change {
  const after = { ...wanted, content: 'iface br0 inet manual\n' };
  const change: Change = { type: 'file', path, before: null, after };
  return recheckOf(change).forRecord?.(change) as Change;
}
const makesBridge: Change = { type: 'link', link: 'br0', before: null, after: { mtu: 1400, up: true } };
const joins: Change = {
  type: 'link',
  link: 'eth1',
  before: { master: null, up: true },
  after: { master: 'br0', up: true },
};
const gre = { type: 'gre', options: { remote_ip: '10.0.0.2' } };
const makesPort: Change = {
  type: 'ovsdb',
  bridge: 'br1',
  before: {},
  after: {},
  ports: [{ name: 'gre1', before: null, after: gre }],
};
const setsPort: Change = {
  ...makesPort,
  ports: [{ name: 'gre1', before: { type: 'gre', tag: 3 }, after: { ...gre, tag: 3 } }],
};
const makesOvs: Change = { type: 'ovsdb', bridge: 'br1', before: null, after: { stp: true }, ports: [] };
const docker = (daemon: Docker['daemon']): Facts =>
  new Facts().with(dockerFact, {
    installed: true,
    active: 'active',
    enabled: true,
    units: [],
    environment: [],
    daemon,
  });
const network = {
  name: 'bridge',
  driver: 'bridge',
  options: { 'com.docker.network.bridge.name': 'docker0' },
};
const setsDocker: Effect = {
  type: 'docker-restart',
  brings: {
    before: { bridge: 'docker0' },
    after: { bridge: 'br0', mtu: 1400 },
    restarted: [],
    deleted: [],
  },
};

const joinsSwarm: Change = {
  type: 'swarm',
  before: null,
  after: { role: 'worker', manager: 'docker1', address: '192.0.2.1' },
};

describe('the parts that a change concerns', () => {
  it.each<[string, Effect, Facts, Parts]>([
    ['no file', file, new Facts().with(fileFact('/etc/a'), null), {}],
    [
      'a file, and its owner',
      file,
      new Facts().with(fileFact('/etc/a'), text('x\n', { mode: '0640', group: 'adm' })),
      { 'file /etc/a': { text: 'x\n' }, 'file /etc/a mode': '0640', 'file /etc/a owner': 'root:adm' },
    ],
    [
      'a folder in its place',
      file,
      new Facts().with(fileFact('/etc/a'), { kind: 'directory', mode: '0755', owner: 'root', group: 'root' }),
      { 'file /etc/a': 'directory', 'file /etc/a mode': '0755', 'file /etc/a owner': 'root:root' },
    ],
    [
      'a long file as read later: its digest',
      file,
      new Facts().with(fileFact('/etc/a'), text('x'.repeat(1024 * 1024 + 1))),
      expect.objectContaining({ 'file /etc/a': expect.stringMatching(/^sha256 [0-9a-f]{64}$/) }),
    ],
    [
      'a link to a file',
      file,
      new Facts().with(fileFact('/etc/a'), { kind: 'dangling', target: '/b' }),
      { 'file /etc/a': 'dangling', 'file /etc/a link': '/b' },
    ],
    [
      'a secret by its digest, not to be shown',
      secret,
      new Facts().with(fileHashFact('/etc/a'), {
        kind: 'opaque',
        sha256: 'aa',
        mode: '0600',
        owner: 'root',
        group: 'root',
      }),
      { 'file /etc/a': { hidden: 'aa' }, 'file /etc/a mode': '0600', 'file /etc/a owner': 'root:root' },
    ],
    ['no link', makesBridge, links(), {}],
    [
      'a new bridge with everything on it, except link-local addresses and containers',
      makesBridge,
      links(
        link('br0', { mtu: 1400, mac: '02:00:00:00:00:01', addresses: ['10.0.0.1/24', 'fe80::1/64'] }),
        link('eth1', { master: 'br0' }),
        link('veth0a1b2c3', { master: 'br0' }),
        link('eth2', { master: 'br9' }),
      ),
      {
        'link br0': 'there',
        'link br0 mtu': '1400',
        'link br0 up': 'yes',
        'address 10.0.0.1/24 on br0': '10.0.0.1/24',
        'link eth1 master': 'br0',
      },
    ],
    [
      'of an updated link, only what is set',
      joins,
      links(link('eth1', { mtu: 9000 })),
      { 'link eth1 master': null },
    ],
    ['a member', joins, links(link('eth1', { master: 'br0' })), { 'link eth1 master': 'br0' }],
    [
      'an address',
      addressChange('br0', '10.0.0.1/24', 'present'),
      links(link('br0', { addresses: ['10.0.0.1/24', '10.0.0.9/24'] })),
      { 'address 10.0.0.1/24 on br0': '10.0.0.1/24' },
    ],
    [
      'another address in the same network instead',
      addressChange('br0', '10.0.0.1/24', 'present'),
      links(link('br0', { addresses: ['10.0.0.9/24', '192.0.2.1/24'] })),
      { 'address 10.0.0.1/24 on br0': '10.0.0.9/24' },
    ],
    [
      'no address, nor another one instead',
      addressChange('br0', 'fd00::1/64', 'present'),
      links(link('br0', { addresses: ['192.0.2.1/24', 'fd00:0:0:1::1/64'] })),
      { 'address fd00::1/64 on br0': null },
    ],
    [
      'an address of a link that is gone',
      addressChange('br0', '10.0.0.1/24', 'present'),
      links(),
      { 'address 10.0.0.1/24 on br0': null },
    ],
    ['no Open vSwitch', makesPort, new Facts().with(ovsFact, 'not installed'), {}],
    [
      'every column of a new port, and its bridge',
      makesPort,
      ovs({
        br1: { ports: {} },
        br2: { ports: { gre1: { ...gre, tag: 7, error: 'no', other: { qos: 'a row' } } } },
      }),
      {
        'OVS port gre1': 'on br2',
        'OVS port gre1 type': 'gre',
        'OVS port gre1 options:remote_ip': '10.0.0.2',
        'OVS port gre1 tag': '7',
        'OVS port gre1 qos': '"a row"',
      },
    ],
    [
      'of an updated port, only what is set',
      setsPort,
      ovs({ br1: { ports: { gre1: { ...gre, tag: 7 } } } }),
      { 'OVS port gre1 options:remote_ip': '10.0.0.2' },
    ],
    ['a port that is gone', setsPort, ovs({ br1: { ports: {} } }), {}],
    [
      'every column and every port of a new bridge',
      makesOvs,
      ovs({
        br1: {
          stp: true,
          failMode: 'secure',
          other: { controller: 'a row' },
          ports: { br1: { type: 'internal' }, tap0: {} },
        },
      }),
      {
        'OVS bridge br1': 'there',
        'OVS bridge br1 stp': 'true',
        'OVS bridge br1 fail_mode': 'secure',
        'OVS bridge br1 controller': '"a row"',
        'OVS port br1': 'on br1',
        'OVS port br1 type': 'internal',
        'OVS port tap0': 'on br1',
      },
    ],
    [
      'a kernel parameter',
      { type: 'sysctl', name: 'vm.swappiness', before: '60', after: '10' },
      new Facts().with(sysctlFact('vm.swappiness'), '20'),
      { 'kernel parameter vm.swappiness': '20' },
    ],
    [
      'a unit that starts at boot and runs',
      { type: 'unit', unit: 'a.service', before: null, after: { enabled: true, active: true } },
      new Facts().with(unitFact('a.service'), {
        load: 'loaded',
        active: 'activating',
        file: 'enabled-runtime',
      }),
      { 'unit a.service': 'running', 'unit a.service at boot': 'enabled' },
    ],
    [
      'a unit that someone has masked',
      { type: 'unit', unit: 'a.service', before: null, after: { enabled: true } },
      new Facts().with(unitFact('a.service'), { load: 'masked', active: 'failed', file: 'masked' }),
      { 'unit a.service at boot': 'masked' },
    ],
    [
      'a unit that is gone',
      { type: 'unit', unit: 'a.service', before: null, after: { active: true } },
      new Facts().with(unitFact('a.service'), { load: 'not-found', active: 'inactive', file: '' }),
      { 'unit a.service': null },
    ],
    [
      "Docker's options",
      setsDocker,
      docker({ argv: [], liveRestore: false, networks: [network], containers: [] }),
      { "Docker's bridge": 'docker0', "Docker's mtu": null },
    ],
    [
      'a Docker that does not run: no difference',
      setsDocker,
      docker(null),
      { "Docker's bridge": 'br0', "Docker's mtu": '1400' },
    ],
  ])('%s', (_, change, facts, expected) => {
    expect(parts(change, facts)).toEqual(expected);
    // The queries that it asks for are enough to read all of it.
    const asked = new Facts(
      new Map(
        recheckOf(change)
          .queries(change)
          .map((query) => {
            const id = query.key === '' ? query.family.name : `${query.family.name}:${query.key}`;
            return [id, facts.states().get(id) ?? { unknown: 'not in the case' }];
          }),
      ),
    );
    expect(parts(change, asked)).toEqual(expected);
  });

  it('are unknown of a swarm while Docker does not run: it is in the swarm again once it starts', () => {
    const { parts } = recheckOf(joinsSwarm);
    expect(() => parts(joinsSwarm, new Facts().with(swarmFact, { ...noSwarm, state: 'stopped' }))).toThrow(
      UnknownFact,
    );
    expect(parts(joinsSwarm, new Facts().with(swarmFact, noSwarm))).toEqual({ 'Docker swarm': null });
    const managers = ['192.0.2.1:2377', '192.0.2.9:2377'];
    const now = { ...noSwarm, state: 'active', managers } as const;
    expect(parts(joinsSwarm, new Facts().with(swarmFact, now))).toEqual({
      'Docker swarm': 'of 192.0.2.1:2377',
    });
    const other = { ...now, managers: ['192.0.2.9:2377'] };
    expect(parts(joinsSwarm, new Facts().with(swarmFact, other))).toEqual({
      'Docker swarm': 'of 192.0.2.9:2377',
    });
  });

  it('are unknown while Open vSwitch does not run', () => {
    expect(() => parts(makesPort, new Facts().with(ovsFact, 'not running'))).toThrow(UnknownFact);
  });

  it.each([
    ['an address needs its link', addressChange('br0', '10.0.0.1/24', 'present'), makesBridge],
    ['a member needs its bridge', joins, makesBridge],
    ['ports need their bridge', makesPort, makesOvs],
    ["an internal port's address needs its bridge", addressChange('br1', '10.0.0.1/24', 'present'), makesOvs],
    [
      'a kernel parameter of an interface needs it',
      { type: 'sysctl', name: 'net.ipv4.conf.br0.forwarding', before: '0', after: '1' } as Change,
      makesBridge,
    ],
    ['Docker needs its bridge', setsDocker, makesBridge],
    ["Docker needs its bridge's address", setsDocker, addressChange('br0', '10.0.0.1/24', 'present')],
    ["Docker needs its bridge's file", setsDocker, declares('/etc/network/interfaces.d/any')],
    ["Docker needs its bridge's stanza in the main file", setsDocker, declares('/etc/network/interfaces')],
    [
      "Docker's file needs Docker's bridge to stay",
      { ...file, settle: [{ type: 'docker-restart' }] } as Change,
      setsDocker,
    ],
  ])('%s', (_, user, maker) => {
    const uses = recheckOf(user).uses?.(user) ?? [];
    const makes = recheckOf(maker).makes?.(maker) ?? [];
    expect(makes.some((one) => uses.some((used) => isSameThing(one, used)))).toBe(true);
  });

  it('contain no content of a file', () => {
    for (const change of [file, secret]) {
      const kept = recheckOf(change).forRecord?.({ ...change, before: text('old secret') } as Change);
      expect(JSON.stringify(kept)).not.toMatch(/old secret|new/);
    }
  });

  it("are none for commands and packages, which don't say what they made", () => {
    expect(primitives.get('run')?.recheck).toBe('nothing tells');
    expect(primitives.get('package')?.recheck).toBe('nothing tells');
  });
});
