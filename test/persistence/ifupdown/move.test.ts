import { describe, expect, it } from 'vitest';
import { intoBridge, outOfBridge } from '../../../src/persistence/ifupdown/move.ts';

const bond = `auto bond0
iface bond0 inet static
    address 192.168.1.11/24
    gateway 192.168.1.1
    bond-slaves eth0 eth1
    bond-mode 802.3ad
    bond_miimon 100
`;
const vlan = `auto eth0.100
iface eth0.100 inet static
    vlan-raw-device eth0
    address 192.168.100.11/24
`;

describe('the stanza of an interface that is more than a card', () => {
  it('of a bond: what makes the bond stays with it', () => {
    const uplink = { link: 'bond0', bridge: 'br-lan', type: 'linux', mac: '02:00:00:00:00:11' } as const;
    expect(intoBridge(bond, uplink)).toBe(`auto bond0
iface bond0 inet manual
    bond-slaves eth0 eth1
    bond-mode 802.3ad
    bond_miimon 100
    up ip link set dev bond0 up

auto br-lan
iface br-lan inet static
    address 192.168.1.11/24
    gateway 192.168.1.1
    bridge_ports bond0
    bridge_waitport 30 bond0
    bridge_stp off
    bridge_fd 0
    bridge_maxwait 0
    hwaddress 02:00:00:00:00:11
`);
  });

  it.each([
    ['bond0', bond],
    ['eth0.100', vlan],
  ])('%s goes into a bridge, stays there, and comes out with every option', (link, text) => {
    const uplink = { link, bridge: 'br-lan', type: 'linux', mac: '02:00:00:00:00:11' } as const;
    const within = intoBridge(text, uplink);
    expect(intoBridge(within, uplink)).toBe(within);
    const options = (stanza: string) => stanza.trim().split('\n').sort();
    expect(options(outOfBridge(within, uplink))).toEqual(options(text));
  });
});
