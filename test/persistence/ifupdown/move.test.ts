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

  it('of one without addresses: the MTU that a command sets stays with it, and goes along', () => {
    const uplink = { link: 'eth0', bridge: 'br-lan', type: 'linux', mac: '02:00:00:00:00:11' } as const;
    const jumbo = 'iface eth0 inet manual\n    pre-up ip link set dev $IFACE mtu 9000\n';
    const within = intoBridge(jumbo, uplink);
    expect(within).toBe(`iface eth0 inet manual
    up ip link set dev eth0 mtu 9000
    up ip link set dev eth0 up

auto br-lan
iface br-lan inet manual
    up ip link set dev br-lan mtu 9000
    bridge_ports eth0
    bridge_waitport 30 eth0
    bridge_stp off
    bridge_fd 0
    bridge_maxwait 0
    up ip link set dev $IFACE address 02:00:00:00:00:11
`);
    expect(outOfBridge(within, uplink)).toBe(
      'iface eth0 inet manual\n    up ip link set dev eth0 mtu 9000\n',
    );
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
