import { expect, it } from 'vitest';
import { ifupdown } from '../../../src/persistence/ifupdown/backend.ts';
import type { LinkConfig } from '../../../src/persistence/link-config.ts';

const name = 'br0';
const stanza = (...lines: string[]) =>
  `auto br0\niface br0 inet manual\n${lines.map((one) => `  ${one}\n`).join('')}`;

it.each<[string, string, LinkConfig]>([
  ['nothing but its name', stanza(), { name, addresses: [] }],
  [
    "bridge-utils' options, dashes or not",
    stanza(
      'bridge-ports eth1 eth2',
      'bridge_stp on',
      'bridge_fd 2',
      'hwaddress ether 02:00:00:00:00:01',
      'mtu 1400',
    ),
    {
      name,
      type: 'linux',
      addresses: [],
      members: ['eth1', 'eth2'],
      stp: true,
      forwardDelay: 2,
      mac: '02:00:00:00:00:01',
      mtu: 1400,
    },
  ],
  [
    'ports by a pattern are not known',
    stanza('bridge_ports regex eth.*', 'mtu auto'),
    { name, type: 'linux', addresses: [] },
  ],
  [
    "Open vSwitch's options",
    stanza('ovs_type OVSBridge', 'ovs_ports eth1'),
    { name, type: 'ovs', addresses: [], members: ['eth1'] },
  ],
  [
    'addresses of all of its stanzas',
    'iface br0 inet static\n  address 10.0.0.1\n  netmask 255.255.255.128\n  gateway 10.0.0.2\niface br0 inet6 static\n  address fd00::1\n  netmask 64\n',
    { name, addresses: ['10.0.0.1/25', 'fd00::1/64'], gateways: ['10.0.0.2'] },
  ],
  [
    'addresses that come later are not known',
    'iface br0 inet dhcp\n  mtu 1400\niface br0 inet6 static\n  address fd00::1/64\n',
    { name, mtu: 1400 },
  ],
  [
    'commands of ours',
    stanza('up ip link set dev $IFACE up', 'up ip link set dev br0 mtu 1400'),
    { name, addresses: [], mtu: 1400 },
  ],
  [
    "a user's commands may do anything",
    stanza('bridge_ports eth1', 'mtu 1400', 'up ip link set dev br0 up', 'post-up /root/bridge.sh'),
    { name, mtu: 1400 },
  ],
  [
    'one of our commands about another link belongs to someone else',
    stanza('up ip address replace 10.0.0.1/24 broadcast + dev br1'),
    { name },
  ],
  ['what runs when it goes down does not matter', stanza('down logger down'), { name, addresses: [] }],
])('%s', (_, text, expected) => {
  expect(
    ifupdown.declares('/etc/network/interfaces.d/x', `${text}\niface other inet dhcp\n`)[0],
  ).toStrictEqual(expected);
  expect(ifupdown.declares('/etc/elsewhere/x', text)).toEqual([]);
});
