import { codes } from './code-entry.ts';

/** Steps that are valid one by one, but not together as a network: found by looking at all steps of all hosts. */
export const networkCodes = codes({
  'one-sided-tunnel': {
    severity: 'warning',
    title: 'A tunnel has only one end',
    cause:
      'A step makes tunnels to hosts on which no step makes the other end, or a host has a tunnel to another that has none back and gets none. Packets in such a tunnel are lost.',
    mend: "Run the step on all of the overlay's hosts, or narrow the overlay's own `hosts`. Delete tunnels that nobody needs.",
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n-  - { hosts: docker1, ovs_tunnels: { bridge: br0, overlay: lab } }\n+  - ovs_tunnels: { bridge: br0, overlay: lab }',
    },
  },
  'protected-transit': {
    severity: 'warning',
    title: 'Two full meshes are joined where frames are not forwarded',
    cause:
      "The ports of a full mesh are protected: a frame that arrives by one tunnel leaves by no other, which prevents loops. On a bridge with two meshes, hosts of one can't reach those of the other.",
    mend: 'Make one overlay of both, or give each its own bridge.',
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.12.0/24, tunnel: gre, key: 1, subnet_prefix: 28, hosts: "docker1,docker2" }\n   two: { cidr: 10.11.13.0/24, tunnel: gre, key: 2, subnet_prefix: 28, hosts: "docker2,docker3" }\n steps:\n   - ovs_bridge: { name: br0 }\n+  - ovs_bridge: { name: br1 }\n   - { hosts: "docker1,docker2", ovs_tunnels: { bridge: br0, overlay: one } }\n-  - { hosts: "docker2,docker3", ovs_tunnels: { bridge: br0, overlay: two } }\n+  - { hosts: "docker2,docker3", ovs_tunnels: { bridge: br1, overlay: two } }',
    },
  },
  'mtu-above-overlay': {
    severity: 'either',
    title: 'An MTU is larger than the tunnels carry',
    cause:
      "A GRE tunnel takes 38 bytes of each packet (42 with a key), VXLAN and Geneve 50, and 20 more over IPv6. Larger packets are lost: pings pass, and downloads hang. Docker's default for containers is 1500. A port in a VLAN sends frames that are 4 bytes longer in a tunnel.",
    mend: 'Write `mtu: "{{ overlay.NAME.mtu }}"`, which is computed from the underlay\'s MTU.',
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: vxlan, key: 7, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }\n   - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [br0] }\n-  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: 1500 }\n+  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: "{{ overlay.lab.mtu }}" }',
    },
  },
  'mtu-differs': {
    severity: 'warning',
    title: 'Hosts of one overlay have different MTUs',
    cause:
      "A host can't receive what another sends, and in one network nothing tells the sender. The values of steps are compared, and the future MTUs of the bridges at the two ends of a tunnel.",
    mend: 'Give all hosts of an overlay the same MTU.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11, vars: { mtu: 1400 } }\n-  docker2: { address: 192.0.2.12, vars: { mtu: 1300 } }\n+  docker2: { address: 192.0.2.12, vars: { mtu: 1400 } }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }\n   - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [br0] }\n   - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: "{{ mtu }}" }',
    },
  },
  'overlay-over-underlay': {
    severity: 'error',
    title: "An overlay's range contains an address by which hosts are reached",
    cause:
      "Once a bridge has the range, packets to that address go into the overlay, including the tunnels' own packets or the answers to SSH.",
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
    title: "An overlay's range overlaps a network that the host already has",
    cause:
      'The host has two routes to the same address and uses one of them. docker0 has 172.17.0.0/16 by default; libvirt, VPNs and cluster networks also have ranges.',
    mend: 'Choose another `cidr`, or move the other network.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 172.17.0.0/24, tunnel: gre, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - docker_daemon: { icc: false }',
    },
  },
  'reserved-name': {
    severity: 'either',
    title: 'A bridge has a reserved name',
    cause:
      "`lo` is the loopback; `all` and `default` are sysctl's names for every interface; `ovs-system` and `ovs-netdev` are Open vSwitch's own, and `docker0` is Docker's.",
    mend: 'Choose another name.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: all }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'two-owners': {
    severity: 'error',
    title: 'Two steps contradict each other about one object',
    cause:
      'Each run would do one and then the other, and never be finished. Steps that set different params of one service, or the same values twice, are fine.',
    mend: 'Combine them into one step, or use `when` and `hosts` so that only one applies.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: br0, mtu: 1400 }\n-  - linux_bridge: { name: br0, mtu: 1500 }\n+  - linux_bridge: { name: br1, mtu: 1500 }',
    },
  },
  'persistence-differs': {
    severity: 'warning',
    title: 'After a reboot, a bridge differs from what its step makes',
    cause:
      "An interfaces_file step, or a file step with ifupdown stanzas, sets what is made at boot; linux_bridge, ovs_bridge, bridge_uplink and docker_daemon steps set what is there now. They differ about one bridge or interface: its type, addresses, members, MTU or MAC, or a network that Docker can't start on.",
    mend: 'Write the same `address`, `members`, `mtu` and `mac` in both.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - interfaces_file: { bridge: br0, address: 10.11.12.2/24 }\n+  - interfaces_file: { bridge: br0, address: 10.11.12.1/24 }',
    },
  },
  'package-too-late': {
    severity: 'warning',
    title: 'A package is installed after the step that needs it',
    cause: 'Steps are planned in order. On a host without the package, the earlier step is impossible.',
    mend: 'Put the `package` step first.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - package: { name: openvswitch-switch }\n   - ovs_bridge: { name: br0 }\n-  - package: { name: openvswitch-switch }',
    },
  },
});
