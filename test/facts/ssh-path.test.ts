import { describe, expect, it } from 'vitest';
import { coversController, type SshPath, sshPathFact } from '../../src/facts/ssh-path.ts';

const parse = (...lines: string[]) => sshPathFact.family.parse(`${lines.join('\n')}\n`, ['']).get('');

/** As iproute2 prints links, shortened to what is read. */
const links = (...all: object[]) => JSON.stringify(all);
const link = (ifname: string, kind?: string, more: object = {}) => ({
  ifname,
  ...(kind === undefined ? {} : { linkinfo: { info_kind: kind } }),
  ...more,
});
const route = (dev: string) =>
  `[{"dst":"10.97.1.1","dev":"${dev}","prefsrc":"10.97.1.11","flags":[],"uid":0,"cache":[]}]`;

/** As Open vSwitch 3.1 prints them: br-lan with eth0 and a patch port to br-int, br-phy with phy0, a tunnel. */
const tables = [
  '{"data":[["br-int",["set",[["uuid","p4"],["uuid","p5"],["uuid","p8"]]]],["br-lan",["set",[["uuid","p1"],["uuid","p2"],["uuid","p3"]]]],["br-phy",["set",[["uuid","p6"],["uuid","p7"]]]]],"headings":["name","ports"]}',
  `{"data":[${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `[["uuid","p${n}"],["uuid","i${n}"]]`)}],"headings":["_uuid","interfaces"]}`,
  `{"data":[${[
    ['i1', 'br-lan', 'internal', []],
    ['i2', 'eth0', '', []],
    ['i3', 'to-int', 'patch', [['peer', 'to-lan']]],
    ['i4', 'br-int', 'internal', []],
    ['i5', 'to-lan', 'patch', [['peer', 'to-int']]],
    ['i6', 'br-phy', 'internal', []],
    ['i7', 'phy0', '', []],
    ['i8', 'gre1', 'gre', [['remote_ip', '10.0.0.1']]],
  ].map(([id, name, type, options]) =>
    JSON.stringify([['uuid', id], name, type, ['map', options]]),
  )}],"headings":["_uuid","name","type","options"]}`,
];

describe('the path of the SSH session', () => {
  it.each([
    ['a plain card', 'eth0', links(link('lo'), link('eth0'), link('eth1')), [], ['eth0']],
    [
      "a bridge with its members, except containers' veths",
      'br0',
      links(
        link('eth0', undefined, { master: 'br0' }),
        link('eth1'),
        link('vnet7', 'tun', { master: 'br0' }),
        link('veth1a2b3c4', 'veth', { master: 'br0' }),
        link('br0', 'bridge'),
      ),
      [],
      ['br0', 'eth0', 'vnet7'],
    ],
    [
      'a VLAN on a bond of two cards',
      'bond0.7',
      links(
        link('eth0', undefined, { master: 'bond0' }),
        link('eth1', undefined, { master: 'bond0' }),
        link('bond0', 'bond'),
        link('bond0.7', 'vlan', { link: 'bond0' }),
      ),
      [],
      ['bond0.7', 'bond0', 'eth0', 'eth1'],
    ],
    [
      "a card in a VRF, without the VRF's other cards",
      'eth0',
      links(
        link('eth0', undefined, { master: 'blue' }),
        link('eth1', undefined, { master: 'blue' }),
        link('blue', 'vrf'),
      ),
      [],
      ['eth0', 'blue'],
    ],
    [
      "an Open vSwitch bridge's own port, with its card and what is patched to it",
      'br-lan',
      links(
        link('eth0', undefined, { master: 'ovs-system' }),
        link('phy0', undefined, { master: 'ovs-system' }),
        link('ovs-system', 'openvswitch'),
        link('br-lan', 'openvswitch'),
      ),
      tables,
      ['br-lan', 'eth0', 'to-int', 'to-lan', 'br-int'],
    ],
  ])('%s', (_, dev, printed, ovs, expected) => {
    expect(parse('10.97.1.1', route(dev), printed, ...ovs)).toEqual({
      controller: '10.97.1.1',
      interface: dev,
      links: expected,
    });
  });

  it('is unknown without a session', () => {
    expect(sshPathFact.family.parse('', ['']).size).toBe(0);
  });

  it.each([
    ['10.97.1.5/24', true],
    ['10.97.1.5/16', true],
    ['10.98.1.5/24', false],
    ['fd00::1/8', false],
  ])('%s is a direct path to it: %s', (address, covers) => {
    const path: SshPath = { controller: '10.97.1.1', interface: 'eth0', links: ['eth0'] };
    expect(coversController(path, address)).toBe(covers);
  });
});
