import { codes } from './code-entry.ts';

/** What is wrong with overlays and the values that hosts have for them. */
export const overlayCodes = codes({
  'duplicate-overlay': {
    severity: 'error',
    title: 'An overlay stands in the inventory and in the playbook, or differs in two inventories',
    cause:
      'Only one of them can say what it is. Inventories that are given together may repeat an overlay in the same words.',
    mend: 'Take one of them out, or rename it.',
    example: {
      inventory:
        ' hosts: { docker1: { address: 192.0.2.11 }, docker2: { address: 192.0.2.12 } }\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'unknown-overlay': {
    severity: 'either',
    title: "There is no such overlay, or the host isn't in it",
    cause:
      "A step or a host's `overlays` names an overlay that neither file has, or whose `hosts` leave this host out.",
    mend: "Mend the name, or the overlay's `hosts`.",
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n-  - ovs_tunnels: { bridge: br0, overlay: labs }\n+  - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts: ' all: {}',
    },
  },
  'mesh-of-one': {
    severity: 'warning',
    title: 'An overlay has one host',
    cause:
      "Then it has no tunnels. An overlay's members are the playbook's hosts, or those that its own `hosts` names.",
    mend: 'Widen `hosts`, if more are meant.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, hosts: docker1 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'invalid-cidr': {
    severity: 'error',
    title: "An overlay's range can't be used",
    cause: "An overlay's range is one of IPv4, with at least one network of `subnet_prefix` for each host.",
    mend: 'Choose another range, such as `10.11.12.0/24`.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: "fd00::/64", tunnel: gre, subnet_prefix: 80 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'subnet-prefix': {
    severity: 'error',
    title: "`subnet_prefix` doesn't divide the overlay's range",
    cause:
      "It is the prefix length of each host's part, so it is longer than the range's own, and at most 30.",
    mend: 'Use a number as the hint says, or a wider range.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 24 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'bridge-range-outside': {
    severity: 'error',
    title: "`bridge_range` doesn't lie in the overlay's range",
    cause: "The bridges of all hosts and their containers share one network, the overlay's `cidr`.",
    mend: 'Choose a part of `cidr`, or leave `bridge_range` out.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, bridge_range: 10.11.13.0/28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, bridge_range: 10.11.12.0/28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-too-small': {
    severity: 'error',
    title: "An overlay's range is too small for its hosts",
    cause: 'Each host needs an address for its bridge and a range of `subnet_prefix` for its containers.',
    mend: 'Use a wider `cidr` or a longer `subnet_prefix`. Hosts that left keep their leases.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/26, tunnel: gre, subnet_prefix: 28, bridge_range: 10.11.12.0/27 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'lease-dropped': {
    severity: 'warning',
    title: 'Hosts are renumbered',
    cause: 'The leases of an overlay no longer fit its range or the values that hosts have for themselves.',
    mend: "If that isn't meant, take back the change of `cidr`, `bridge_range`, `subnet_prefix` or `fixed_cidr`.",
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.13.0/24, tunnel: gre, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
      files: {
        'inventory.leases.json':
          ' { "version": 1, "overlays": { "lab": { "docker1": { "bridge_address": "10.11.12.1", "fixed_cidr": "10.11.12.16/28" } } } }',
      },
    },
  },
  'fixed-cidr-outside': {
    severity: 'error',
    title: "`fixed_cidr` doesn't lie in its bridge's network",
    cause:
      "Docker gives containers addresses from it, and they reach nobody when their bridge is in another network. Docker doesn't start with it.",
    mend: "Choose a part of the bridge's network, or leave it out: meshbook then chooses a free range.",
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: 192.0.2.11, overlays: { lab: { fixed_cidr: 10.11.13.0/28 } } }\n+  docker1: { address: 192.0.2.11, overlays: { lab: { fixed_cidr: 10.11.12.64/28 } } }\n   docker2: { address: 192.0.2.12 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'fixed-cidr-overlap': {
    severity: 'error',
    title: "Two hosts' ranges for containers overlap",
    cause:
      'Docker on each host knows only its own containers: two of them get one address, and each is reached now and then.',
    mend: "Give them ranges that don't meet, or leave them out: meshbook then chooses free ones.",
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, overlays: { lab: { fixed_cidr: 10.11.12.64/27 } } }\n-  docker2: { address: 192.0.2.12, overlays: { lab: { fixed_cidr: 10.11.12.80/28 } } }\n+  docker2: { address: 192.0.2.12, overlays: { lab: { fixed_cidr: 10.11.12.96/28 } } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'bridge-address-outside': {
    severity: 'error',
    title: "A bridge's address doesn't lie in its overlay's range",
    cause: "The bridge would be in another network than the other hosts' bridges.",
    mend: "Choose an address in the overlay's `cidr`, or leave it out.",
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: 192.0.2.11, overlays: { lab: { bridge_address: 10.11.13.1 } } }\n+  docker1: { address: 192.0.2.11, overlays: { lab: { bridge_address: 10.11.12.1 } } }\n   docker2: { address: 192.0.2.12 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'bridge-address-duplicate': {
    severity: 'error',
    title: "Two hosts' bridges have one address",
    cause: 'Each answers for it now and then: connections break at random.',
    mend: 'Give each its own, or leave them out.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, overlays: { lab: { bridge_address: 10.11.12.1 } } }\n-  docker2: { address: 192.0.2.12, overlays: { lab: { bridge_address: 10.11.12.1 } } }\n+  docker2: { address: 192.0.2.12, overlays: { lab: { bridge_address: 10.11.12.2 } } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'bridge-mac-duplicate': {
    severity: 'warning',
    title: "Several hosts' bridges get one MAC address",
    cause:
      'An overlay is one Ethernet network: its bridges learn by MAC addresses where to send, and what is for one host goes to another or nowhere.',
    mend: 'Leave it out, or give each host its own.',
    example: {
      playbook:
        ' hosts: docker1,docker2\n steps:\n-  - linux_bridge: { name: br0, mac: "02:00:00:00:00:01" }\n+  - linux_bridge: { name: br0 }',
    },
  },
  'bridge-address-in-range': {
    severity: 'error',
    title: "A host's range for containers holds another host's bridge address",
    cause: "Docker knows its own bridge's address only, and gives the other one to a container.",
    mend: "Choose ranges that hold no other bridge's address; `bridge_range` keeps a part of the overlay free for bridges.",
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, overlays: { lab: { fixed_cidr: 10.11.12.64/28 } } }\n-  docker2: { address: 192.0.2.12, overlays: { lab: { bridge_address: 10.11.12.70 } } }\n+  docker2: { address: 192.0.2.12, overlays: { lab: { bridge_address: 10.11.12.2 } } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-cidr-overlap': {
    severity: 'error',
    title: "Two overlays' ranges overlap on a host that is in both",
    cause: 'The host has two ways to one address, and takes one of them.',
    mend: "Give them ranges that don't meet.",
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.0.0/16, tunnel: gre, key: 1, subnet_prefix: 28 }\n-  two: { cidr: 10.11.12.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n+  two: { cidr: 10.12.12.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-key-clash': {
    severity: 'error',
    title: "Two overlays between the same hosts can't be told apart",
    cause:
      'A tunnel is known by its type, its two ends and its key. Two of them with all three equal are one, and Open vSwitch refuses the second.',
    mend: 'Give each its own `key`, or another `tunnel`.',
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.0.0/24, tunnel: gre, key: 1, subnet_prefix: 28 }\n-  two: { cidr: 10.12.0.0/24, tunnel: gre, key: 1, subnet_prefix: 28 }\n+  two: { cidr: 10.12.0.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'key-out-of-range': {
    severity: 'error',
    title: "A key doesn't fit its tunnel",
    cause: 'Keys have 32 bits in GRE, 24 in VXLAN and Geneve.',
    mend: 'Use a smaller number.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: vxlan, key: 16777216, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: vxlan, key: 16777215, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'underlay-not-address': {
    severity: 'error',
    title: 'A member of an overlay has no address for tunnels',
    cause:
      'Tunnels lead to addresses, not to names: what a name means may change. And to addresses by which other hosts reach the host: not to a loopback address or a link-local one.',
    mend: 'Write `underlay_address` for the host.',
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: docker1.example.org }\n+  docker1: { address: docker1.example.org, underlay_address: 192.0.2.11 }\n   docker2: { address: 192.0.2.12 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'underlay-duplicate': {
    severity: 'error',
    title: 'Two members of an overlay have one underlay address',
    cause: 'Their tunnels would lead to one and the same host.',
    mend: 'Give each its own `underlay_address`.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, underlay_address: 198.51.100.1 }\n-  docker2: { address: 192.0.2.12, underlay_address: 198.51.100.1 }\n+  docker2: { address: 192.0.2.12, underlay_address: 198.51.100.2 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'underlay-mixed-versions': {
    severity: 'error',
    title: 'Some underlay addresses are IPv4 and others IPv6',
    cause: 'A tunnel has both its ends in one family.',
    mend: 'Write `underlay_address` of one family for all members.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11 }\n-  docker2: { address: 192.0.2.12, underlay_address: "2001:db8::12" }\n+  docker2: { address: 192.0.2.12 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'underlay-mtu-too-small': {
    severity: 'error',
    title: "The tunnel's headers leave no room for packets",
    cause:
      'What the underlay carries, less what the tunnel adds, is smaller than the smallest packet that must pass.',
    mend: 'Raise `underlay_mtu`; Ethernet has 1500.',
  },
});
