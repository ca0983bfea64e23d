import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { SshPath } from '../../src/facts/ssh-path.ts';
import { markSshPath, pathAfter } from '../../src/plan/ssh-path.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

const path: SshPath = { controller: '192.168.1.7', interface: 'br0', links: ['br0', 'eth0'] };
const marked = (change: Change, on = path) => markSshPath(change, on).risks?.includes('ssh-path') ?? false;
const link = (name: string, more: object): Change => ({
  type: 'link',
  link: name,
  before: {},
  after: {},
  ...more,
});
const ovsdb = (bridge: string, ...ports: string[]): Change => ({
  type: 'ovsdb',
  bridge,
  before: {},
  after: {},
  ports: ports.map((name) => ({ name, before: null, after: {} })),
});
const address = (name: string, text: string): Change => ({
  type: 'address',
  link: name,
  address: text,
  before: 'absent',
  after: 'present',
});
const text = (content: string) =>
  ({ kind: 'text', content, mode: '0644', owner: 'root', group: 'root' }) as const;
const file = (name: string, before: string, after: string): Change => ({
  type: 'file',
  path: name,
  before: text(before),
  after: text(after),
});
const uplink = (name: string, bridge: string): Change => ({
  type: 'uplink',
  link: name,
  bridge,
  addresses: [],
  routes: [],
  before: { bridge: null, member: false, linkUp: true, holder: 'link' },
  after: { bridge: { up: true }, member: true, linkUp: true, holder: 'bridge' },
});
const eth0 = 'iface eth0 inet static\n  address 192.168.1.11/24\n';
const eth1 = 'iface eth1 inet manual\n';
const drop = '/etc/network/interfaces.d/x';

describe('a change on the SSH path', () => {
  it.each<[string, Change]>([
    ['the interface itself', link('br0', { after: { mtu: 1400 } })],
    ['the interface that carries it', link('eth0', { after: { up: false } })],
    ['another member of its bridge', link('eth7', { after: { master: 'br0' } })],
    ['a member that leaves its bridge', link('eth7', { before: { master: 'br0' }, after: { master: null } })],
    ['an address on it', address('br0', '10.0.0.1/24')],
    ["an address elsewhere, in the controller's network", address('eth9', '192.168.1.200/24')],
    ['its Open vSwitch bridge', ovsdb('br0')],
    ['an Open vSwitch bridge that takes its interface', ovsdb('br1', 'eth0')],
    ['its uplink', uplink('eth0', 'br9')],
    ['its stanza for the next boot', file(drop, `auto eth0\n${eth0}`, `auto eth0\n${eth1}`)],
    ['whether it comes up at boot', file('/etc/network/interfaces', `auto eth0\n${eth0}`, eth0)],
    [
      'which members it has',
      file(drop, 'iface br1 inet manual\n', 'iface br1 inet manual\n  bridge_ports eth0\n'),
    ],
    [
      'its kernel parameters',
      { type: 'sysctl', name: 'net.ipv4.conf.eth0.rp_filter', before: '0', after: '1' },
    ],
    ['sshd', { type: 'unit', unit: 'ssh.service', before: null, after: { active: false } }],
  ])('%s', (_, change) => {
    expect(marked(change)).toBe(true);
    expect(change.risks).toBeUndefined();
  });

  it.each<[string, Change]>([
    ['another interface', link('eth1', { after: { up: false, master: 'br1' } })],
    ['another network', address('eth1', '10.0.0.1/24')],
    ['another Open vSwitch bridge', ovsdb('br1', 'eth1')],
    ["another interface's stanza in the same file", file(drop, eth0, `${eth0}\n${eth1}`)],
    ['another file', file('/etc/hosts', 'eth0', 'iface eth0')],
    [
      'kernel parameters of all interfaces',
      { type: 'sysctl', name: 'net.ipv4.ip_forward', before: '0', after: '1' },
    ],
    ['a command, whose effect is unknown', { type: 'run', command: 'reboot', timeout: 1 }],
  ])('is not: %s', (_, change) => expect(marked(change)).toBe(false));

  it('keeps its other risks', () => {
    expect(markSshPath({ ...link('br0', {}), risks: ['drops-traffic'] }, path).risks).toEqual([
      'drops-traffic',
      'ssh-path',
    ]);
  });
});

describe('the path', () => {
  it.each<[string, Change, Partial<SshPath>]>([
    [
      'a bridge gets its interface as a member',
      link('eth0', { after: { master: 'br9' } }),
      { links: ['br0', 'eth0', 'br9'] },
    ],
    ['an Open vSwitch bridge gets its interface', ovsdb('br9', 'eth0'), { links: ['br0', 'eth0', 'br9'] }],
    ['something else is changed', link('eth1', { after: { master: 'br9' } }), path],
  ])('is longer when %s', (_, change, after) => {
    expect(pathAfter(change, path)).toEqual({ ...path, ...after });
  });

  it('leads through the bridge after an uplink, so that later changes of the bridge are marked as well', () => {
    const plain: SshPath = { controller: '192.168.1.7', interface: 'eth0', links: ['eth0'] };
    const after = pathAfter(uplink('eth0', 'br-lan'), plain);
    expect(after).toEqual({ ...plain, interface: 'br-lan', links: ['eth0', 'br-lan'] });
    expect(marked(link('br-lan', { after: { mtu: 1400 } }), plain)).toBe(false);
    expect(marked(link('br-lan', { after: { mtu: 1400 } }), after)).toBe(true);
  });
});

describe('changes on the path', () => {
  const stages = (change: object) =>
    stagesOf({
      host: 'docker1',
      steps: [{ index: 0, name: 'Step', kind: 'link', changes: [change as Change], unknowns: [] }],
    });

  it('run in the armed stage', () => {
    expect(stages(markSshPath(link('br0', {}), path)).map(({ name }) => name)).toEqual(['main']);
  });

  it('never run in one that is not armed', () => {
    expect(() => stages({ type: 'package', risks: ['ssh-path'] })).toThrow(/unarmed/);
  });
});
