import { expect, it } from 'vitest';
import { resolveText } from '../resolve/play.ts';

/** The messages about these steps, without the code. */
function said(...steps: string[]): string[] {
  const playbook = `hosts: a\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
  const { diagnostics } = resolveText({ playbook });
  expect(diagnostics.filter(({ code }) => code !== 'persistence-differs')).toEqual([]);
  expect(diagnostics.every(({ range }) => range?.source.path === 'pb.yml')).toBe(true);
  return diagnostics.map(({ message }) => message);
}

const stanza = (text: string, file = 'br0') =>
  `file: { path: /etc/network/interfaces.d/${file}, content: ${JSON.stringify(text)} }`;
const linux = 'linux_bridge: { name: br0, address: 10.0.0.1/24, members: [eth1], mtu: 1400 }';
const bridge = (more = '') =>
  stanza(
    `auto br0\niface br0 inet static\n  address 10.0.0.1\n  netmask 255.255.255.0\n  bridge_ports eth1\n  mtu 1400\n${more}`,
  );

it.each<[string, string[], string[]]>([
  ['no warning for an equal stanza', [linux, bridge()], []],
  [
    'no warning for an equal step',
    [linux, 'interfaces_file: { bridge: br0, address: 10.0.0.1/24, members: [eth1], mtu: 1400 }'],
    [],
  ],
  [
    'compares every setting of an interfaces_file step',
    [linux, 'interfaces_file: { bridge: br0, address: 10.0.0.2/24, mac: "02:00:00:00:00:01" }'],
    ['address', 'members', 'mtu', 'mac'].map(
      (key) =>
        `after a boot br0 has ${key === 'members' ? 'other' : 'another'} ${key} than a linux_bridge step gives it`,
    ),
  ],
  [
    'ignores settings that a stanza leaves out',
    [linux, stanza('iface br0 inet static\n  address 10.0.0.1/24\n  bridge_ports eth1\n')],
    [],
  ],
  [
    'addresses and ports of a hand-written stanza',
    [linux, stanza('iface br0 inet static\n  address 10.0.0.3/24\n  bridge-ports none\n')],
    [
      'after a boot br0 has another address than a linux_bridge step gives it',
      'after a boot br0 has other members than a linux_bridge step gives it',
    ],
  ],
  [
    'further stanzas of a name add addresses',
    [linux, bridge('\niface br0 inet6 static\n  address fd00::1/64\n')],
    ['after a boot br0 has another address than a linux_bridge step gives it'],
  ],
  ['ignores what commands do', [linux, stanza('iface br0 inet manual\n  up /root/bridge.sh\n')], []],
  [
    "but what meshbook's own commands do is",
    [
      linux,
      stanza(
        'iface br0 inet manual\n  up ip link set dev br0 up\n  up ip address replace 10.0.0.3/24 broadcast + dev br0\n',
      ),
    ],
    ['after a boot br0 has another address than a linux_bridge step gives it'],
  ],
  [
    'the spanning tree protocol of a stanza by hand',
    [
      'linux_bridge: { name: br0, stp: true }',
      stanza('iface br0 inet manual\n  bridge_ports none\n  bridge_stp off\n'),
    ],
    ['after a boot br0 has another stp than a linux_bridge step gives it'],
  ],
  [
    'an Open vSwitch bridge that ifupdown would make as a Linux bridge',
    ['ovs_bridge: { name: br0 }', 'interfaces_file: { bridge: br0 }'],
    ["at boot ifupdown makes br0 a Linux bridge, and an ovs_bridge step one of Open vSwitch's"],
  ],
  [
    'a Linux bridge that ifupdown would make with Open vSwitch',
    [linux, stanza('allow-ovs br0\niface br0 inet manual\n  ovs_type OVSBridge\n')],
    ["at boot ifupdown makes br0 one of Open vSwitch's, and a linux_bridge step a Linux bridge"],
  ],
  [
    "an Open vSwitch stanza with the step's MAC",
    [
      'ovs_bridge: { name: br0, mac: "02:00:00:00:00:0A" }',
      stanza('iface br0 inet manual\n  ovs_type OVSBridge\n  hwaddress 02:00:00:00:00:0a\n'),
    ],
    [],
  ],
  [
    'an uplink that keeps its addresses although a bridge has it as a member',
    [
      'bridge_uplink: { interface: eth0, bridge: br0 }',
      stanza(
        'iface eth0 inet static\n  address 192.0.2.1/24\n\niface br0 inet manual\n  bridge_ports none\n',
      ),
    ],
    [
      'after a boot eth0 has another address than a bridge_uplink step gives it',
      "after a boot eth0 isn't in the bridge br0, where a step puts it",
    ],
  ],
  [
    "docker0 with another address than Docker's",
    ['docker_daemon: { bip: 172.20.0.1/16 }', stanza('iface docker0 inet static\n  address 172.21.0.1/16\n')],
    ['after a boot docker0 has another address than a docker_daemon step gives it'],
  ],
  [
    'a bridge for Docker without an address',
    ['docker_daemon: { bridge: br0 }', 'interfaces_file: { bridge: br0 }'],
    ["after a boot br0 has no IPv4 address, and Docker doesn't start on it"],
  ],
  [
    'a container range outside all networks of the bridge',
    [
      'docker_daemon: { bridge: br0, fixed_cidr: 10.0.1.0/25 }',
      'interfaces_file: { bridge: br0, address: 10.0.0.1/24 }',
    ],
    ["after a boot 10.0.1.0/25 lies in no network of br0, and Docker doesn't start"],
  ],
  [
    'STP is compared if both set it',
    ['linux_bridge: { name: br0, stp: true }', 'interfaces_file: { bridge: br0, stp: false }'],
    ['after a boot br0 has another stp than a linux_bridge step gives it'],
  ],
  [
    "a stanza without STP means the bridge's default",
    ['linux_bridge: { name: br0, stp: true }', 'interfaces_file: { bridge: br0 }'],
    [],
  ],
  [
    "ignores files that ifupdown doesn't read",
    [linux, 'file: { path: /root/x, content: "iface br0 inet dhcp\\n  mtu 9000\\n" }'],
    [],
  ],
])('%s', (_, steps, expected) => {
  expect(said(...steps).sort()).toEqual(expected.sort());
});
