import { codes } from './code-entry.ts';

/** What is sound step by step, and yet no network that works: seen over all steps of all hosts. */
export const networkCodes = codes({
  'one-sided-tunnel': {
    severity: 'warning',
    title: 'A tunnel has one end only',
    cause:
      'A step makes tunnels to hosts on which no step makes the other end, or a host has a tunnel to another that has none back and gets none, so nobody takes what it carries.',
    mend: "Run the step on all of the overlay's hosts, or narrow the overlay's own `hosts`. Delete tunnels that nobody needs.",
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n-  - { hosts: docker1, ovs_tunnels: { bridge: br0, overlay: lab } }\n+  - ovs_tunnels: { bridge: br0, overlay: lab }',
    },
  },
  'protected-transit': {
    severity: 'warning',
    title: 'Two full meshes are joined where nobody passes frames on',
    cause:
      "The ports of a full mesh are protected: what comes in by one tunnel leaves by no other, which keeps frames from going in circles. On a bridge with two meshes, hosts of one don't reach those of the other.",
    mend: 'Make one overlay of both, or give each a bridge of its own.',
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.12.0/24, tunnel: gre, key: 1, subnet_prefix: 28, hosts: "docker1,docker2" }\n   two: { cidr: 10.11.13.0/24, tunnel: gre, key: 2, subnet_prefix: 28, hosts: "docker2,docker3" }\n steps:\n   - ovs_bridge: { name: br0 }\n+  - ovs_bridge: { name: br1 }\n   - { hosts: "docker1,docker2", ovs_tunnels: { bridge: br0, overlay: one } }\n-  - { hosts: "docker2,docker3", ovs_tunnels: { bridge: br0, overlay: two } }\n+  - { hosts: "docker2,docker3", ovs_tunnels: { bridge: br1, overlay: two } }',
    },
  },
  'mtu-above-overlay': {
    severity: 'either',
    title: 'An MTU is larger than what the tunnels carry',
    cause:
      'A tunnel takes 38 bytes and more of each packet (with a key 42, VXLAN and Geneve 50, over IPv6 20 more). What is larger vanishes: pings pass, and downloads hang. Docker gives containers 1500 unless it is told otherwise. A port that is in a VLAN sends frames that are 4 bytes longer in a tunnel.',
    mend: 'Write `mtu: "{{ overlay.NAME.mtu }}"`, which is worked out from the underlay\'s.',
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: vxlan, key: 7, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }\n   - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [br0] }\n-  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: 1500 }\n+  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: "{{ overlay.lab.mtu }}" }',
    },
  },
  'mtu-differs': {
    severity: 'warning',
    title: 'Hosts of one overlay have different MTUs',
    cause:
      "What one host sends, another can't take, and on one network nobody tells the sender. What the steps say is compared, and what bridges at the two ends of a tunnel will have.",
    mend: 'Give all hosts of an overlay one MTU.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, vars: { mtu: 1400 } }\n-  docker2: { address: 192.0.2.12, vars: { mtu: 1300 } }\n+  docker2: { address: 192.0.2.12, vars: { mtu: 1400 } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }\n   - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [br0] }\n   - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: "{{ mtu }}" }',
    },
  },
  'overlay-over-underlay': {
    severity: 'error',
    title: "An overlay's range holds an address that hosts are reached by",
    cause:
      "Once a bridge has the range, packets to that address go into the overlay: the tunnels' own packets as well, or the answers to SSH.",
    mend: 'Choose another `cidr`.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, underlay_address: 10.11.12.200 }\n   docker2: { address: 192.0.2.12, underlay_address: 10.11.12.201 }',
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.13.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-over-network': {
    severity: 'warning',
    title: "An overlay's range overlaps a network that the host has already",
    cause:
      'The host has two ways to one address and takes one of them. docker0 has 172.17.0.0/16 unless it is told otherwise; libvirt, VPNs and cluster networks have ranges, too.',
    mend: 'Choose another `cidr`, or move the other network.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 172.17.0.0/24, tunnel: gre, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - docker_daemon: { icc: false }',
    },
  },
  'reserved-name': {
    severity: 'either',
    title: 'A bridge has a name that means something else',
    cause:
      "`lo` is the loopback; `all` and `default` are what sysctl calls every interface; `ovs-system` and `ovs-netdev` are Open vSwitch's own, and `docker0` is Docker's.",
    mend: 'Choose another name.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: all }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'two-owners': {
    severity: 'error',
    title: 'Two steps say different things of one object',
    cause:
      'Each run would do the one and then the other, and never be done. Steps that say different params of one service, or the same twice, are fine.',
    mend: 'Make one step of both, or use `when` and `hosts` so that one of them applies.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: br0, mtu: 1400 }\n-  - linux_bridge: { name: br0, mtu: 1500 }\n+  - linux_bridge: { name: br1, mtu: 1500 }',
    },
  },
  'persistence-differs': {
    severity: 'warning',
    title: 'After a boot a bridge is not as its step makes it',
    cause:
      "An interfaces_file step, or a file step that writes stanzas of ifupdown's by hand, says what is made at boot, and linux_bridge, ovs_bridge, bridge_uplink and docker_daemon steps what is there now. They say different things of one bridge or interface: its type, addresses, members, MTU or MAC, or a network that Docker can't start on.",
    mend: 'Write the same `address`, `members`, `mtu` and `mac` in both.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - interfaces_file: { bridge: br0, address: 10.11.12.2/24 }\n+  - interfaces_file: { bridge: br0, address: 10.11.12.1/24 }',
    },
  },
  'package-too-late': {
    severity: 'warning',
    title: 'A package is installed after the step that needs it',
    cause: 'Steps are planned in their order. On a host without the package the earlier one is impossible.',
    mend: 'Put the `package` step first.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - package: { name: openvswitch-switch }\n   - ovs_bridge: { name: br0 }\n-  - package: { name: openvswitch-switch }',
    },
  },
});
