import { codes } from './code-entry.ts';

/** Errors in overlays and in hosts' values for them. */
export const overlayCodes = codes({
  'duplicate-overlay': {
    severity: 'error',
    title: 'An overlay is both in the inventory and in the playbook, or differs between two inventories',
    cause: 'Only one of them can define it. Several inventories may repeat an overlay without differences.',
    mend: 'Remove one of them, or rename it.',
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
      "A step or a host's `overlays` names an overlay that neither file defines, or whose `hosts` exclude this host.",
    mend: "Correct the name, or the overlay's `hosts`.",
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n-  - ovs_tunnels: { bridge: br0, overlay: labs }\n+  - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts: ' all: {}',
    },
  },
  'mesh-of-one': {
    severity: 'warning',
    title: 'An overlay has only one host',
    cause:
      "So it has no tunnels. An overlay's members are the playbook's hosts, or those that its own `hosts` names.",
    mend: 'Widen `hosts` if you mean more.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, hosts: docker1 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'invalid-cidr': {
    severity: 'error',
    title: "An overlay's range can't be used",
    cause: 'The range must be IPv4, with at least one network of length `subnet_prefix` for each host.',
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
      "It is the prefix length of each host's part, so it must be longer than the range's own, and at most 30.",
    mend: 'Use a number that the hint gives, or a wider range.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 24 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'bridge-range-outside': {
    severity: 'error',
    title: "`bridge_range` is outside the overlay's range",
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
    cause:
      'Each host needs an address for its bridge and a range of length `subnet_prefix` for its containers.',
    mend: 'Use a wider `cidr` or a longer `subnet_prefix`. Removed hosts keep their leases.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/26, tunnel: gre, subnet_prefix: 28, bridge_range: 10.11.12.0/27 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'lease-dropped': {
    severity: 'warning',
    title: 'Hosts are renumbered',
    cause: "The leases of an overlay no longer fit its range or the hosts' own values.",
    mend: "If that isn't intended, revert the change of `cidr`, `bridge_range`, `subnet_prefix` or `fixed_cidr`.",
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
    title: "`fixed_cidr` is outside its bridge's network",
    cause:
      "Docker gives containers addresses from it; if their bridge is in another network, they reach nothing. Docker doesn't start with such a range.",
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
    title: "Two hosts' container ranges overlap",
    cause:
      'Docker knows only the containers of its own host: two of them may get the same address, and traffic reaches either.',
    mend: "Give them ranges that don't overlap, or leave them out: meshbook then chooses free ones.",
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, overlays: { lab: { fixed_cidr: 10.11.12.64/27 } } }\n-  docker2: { address: 192.0.2.12, overlays: { lab: { fixed_cidr: 10.11.12.80/28 } } }\n+  docker2: { address: 192.0.2.12, overlays: { lab: { fixed_cidr: 10.11.12.96/28 } } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'bridge-address-outside': {
    severity: 'error',
    title: "A bridge's address is outside its overlay's range",
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
    title: "Two hosts' bridges have the same address",
    cause: 'Either host may answer for it: connections break at random.',
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
    title: "Several hosts' bridges get the same MAC address",
    cause:
      'An overlay is one Ethernet network whose bridges learn MAC addresses: frames for one host would go to another or get lost.',
    mend: 'Leave it out, or give each host its own.',
    example: {
      playbook:
        ' hosts: docker1,docker2\n steps:\n-  - linux_bridge: { name: br0, mac: "02:00:00:00:00:01" }\n+  - linux_bridge: { name: br0 }',
    },
  },
  'bridge-address-in-range': {
    severity: 'error',
    title: "A host's container range contains another host's bridge address",
    cause: "Docker knows only its own bridge's address, and would give the other one to a container.",
    mend: "Choose ranges without other bridges' addresses; `bridge_range` reserves a part of the overlay for bridges.",
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
    cause: 'The host has two routes to the same address, and uses one of them.',
    mend: "Give them ranges that don't overlap.",
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.0.0/16, tunnel: gre, key: 1, subnet_prefix: 28 }\n-  two: { cidr: 10.11.12.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n+  two: { cidr: 10.12.12.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-key-clash': {
    severity: 'error',
    title: "Two overlays between the same hosts can't be distinguished",
    cause:
      'A tunnel is identified by its type, its two ends and its key. If all are equal, it is the same tunnel, and Open vSwitch refuses the second.',
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
      "Tunnels end at addresses, not at names, because a name may change its meaning. Other hosts must reach the address: it can't be a loopback or link-local address.",
    mend: 'Set `underlay_address` for the host.',
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: docker1.example.org }\n+  docker1: { address: docker1.example.org, underlay_address: 192.0.2.11 }\n   docker2: { address: 192.0.2.12 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'underlay-duplicate': {
    severity: 'error',
    title: 'Two members of an overlay have the same underlay address',
    cause: 'Their tunnels would end at the same host.',
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
    cause: 'Both ends of a tunnel are in one address family.',
    mend: 'Set `underlay_address` of one family for all members.',
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
    cause: "The underlay's MTU minus the tunnel's overhead is less than the smallest packet that must pass.",
    mend: 'Raise `underlay_mtu`; Ethernet has 1500.',
  },
});
