import { codes } from './code-entry.ts';

/** Found by comparing all hosts of a plan with their facts. None of these prevents a plan. */
export const fleetCodes = codes({
  'cloned-hosts': {
    severity: 'warning',
    title: 'Hosts are copies of one image',
    cause:
      "They share what should be unique: /etc/machine-id, Open vSwitch's system-id, or SSH host keys. systemd derives bridge MAC addresses from the machine-id, so two bridges get the same one and the tunnel between them fails silently. meshbook gives its bridges their own MACs, and works in spite of this.",
    mend: 'Create new ones on the copies, as the hint says.',
    example: {
      playbook: ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }',
      facts:
        ' docker1: { identity: { sshHostKeys: [a1] } }\n-docker2: { identity: { sshHostKeys: [a1] } }\n+docker2: { identity: { sshHostKeys: [a2] } }',
    },
  },
  'duplicate-mac': {
    severity: 'warning',
    title: "Two hosts' network cards have the same MAC address",
    cause:
      'In one network, switches send frames for one of them to the other. Virtual machines that were copied with their settings have this problem.',
    mend: 'Give each card its own.',
    example: {
      playbook: ' hosts: docker1,docker2\n steps:\n   - ovs_bridge: { name: br0 }',
      facts:
        ' docker1: { interfaces: [{ name: eth0, mac: "02:00:00:00:00:01", mtu: 1500, up: true, addresses: [192.0.2.11/24] }] }\n-docker2: { interfaces: [{ name: eth0, mac: "02:00:00:00:00:01", mtu: 1500, up: true, addresses: [192.0.2.12/24] }] }\n+docker2: { interfaces: [{ name: eth0, mac: "02:00:00:00:00:02", mtu: 1500, up: true, addresses: [192.0.2.12/24] }] }',
    },
  },
  'two-network-managers': {
    severity: 'warning',
    title: 'Two network managers manage the same interface',
    cause:
      "ifupdown, netplan, NetworkManager and systemd-networkd don't know about each other: each reverts what the other has set, at boot or at any time.",
    mend: 'Leave the interface to one of them: remove its stanza from one, or make it unmanaged in the other.',
    example: {
      playbook: ' hosts: all\n steps:\n   - linux_bridge: { name: br0, members: [eth1] }',
      facts:
        '-all: { network_managers: { eth1: [ifupdown, NetworkManager] } }\n+all: { network_managers: { eth1: [ifupdown] } }',
    },
  },
  'tunnel-ends-differ': {
    severity: 'warning',
    title: 'The two ends of a tunnel differ',
    cause:
      "Two hosts have a tunnel to each other whose ends don't match: different types, keys or ports, an address that is not set at the other end, or BFD at only one end. The ends are compared as they will be after the plan is applied, whoever made them.",
    mend: 'Make both ends alike, or delete the tunnel at both.',
    example: {
      inventory: ' hosts:\n   docker1: { address: 192.0.2.11 }\n   docker2: { address: 192.0.2.12 }',
      playbook: ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }',
      facts:
        ' docker1: { ovs: { bridges: { br0: { ports: { br0: { type: internal }, gre0: { type: gre, options: { remote_ip: 192.0.2.12, key: "7" } } } } } } }\n-docker2: { ovs: { bridges: { br0: { ports: { br0: { type: internal }, gre0: { type: gre, options: { remote_ip: 192.0.2.11, key: "8" } } } } } } }\n+docker2: { ovs: { bridges: { br0: { ports: { br0: { type: internal }, gre0: { type: gre, options: { remote_ip: 192.0.2.11, key: "7" } } } } } } }',
    },
  },
  'foreign-tunnel': {
    severity: 'warning',
    title: 'A bridge has tunnels that no step makes',
    cause:
      'meshbook deletes only what it has made. A tunnel made by someone else can form a loop with those of the steps.',
    mend: 'Delete the port if nobody needs it.',
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        '-docker1: { ovs: { bridges: { br0: { ports: { br0: { type: internal }, gre0: { type: gre, options: { remote_ip: 198.51.100.9 } } } } } } }\n+docker1: { ovs: { bridges: { br0: { ports: { br0: { type: internal } } } } } }',
    },
  },
  'underlay-swapped': {
    severity: 'error',
    title: "A host's underlay address belongs to another host",
    cause:
      "Tunnels end at addresses. One host's address is on an interface of another, and the other's address isn't on that host either, so they may be swapped.",
    mend: 'For each host, set the `underlay_address` that one of its own interfaces has.',
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: 192.0.2.11, underlay_address: 198.51.100.2 }\n-  docker2: { address: 192.0.2.12, underlay_address: 198.51.100.1 }\n+  docker1: { address: 192.0.2.11, underlay_address: 198.51.100.1 }\n+  docker2: { address: 192.0.2.12, underlay_address: 198.51.100.2 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        ' docker1: { interfaces: [{ name: eth0, mac: "02:00:00:00:00:01", mtu: 1500, up: true, addresses: [198.51.100.1/24] }] }\n docker2: { interfaces: [{ name: eth0, mac: "02:00:00:00:00:02", mtu: 1500, up: true, addresses: [198.51.100.2/24] }] }',
    },
  },
  'underlay-not-there': {
    severity: 'warning',
    title: 'No interface of a host has its underlay address',
    cause:
      "Tunnels end at the host's `underlay_address`, or its `address`. If a NAT translates that address, as in many clouds, everything works; otherwise no packet arrives.",
    mend: 'Set an `underlay_address` that an interface of the host has, unless a NAT translates it.',
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: 192.0.2.11, underlay_address: 198.51.100.9 }\n+  docker1: { address: 192.0.2.11, underlay_address: 198.51.100.1 }\n   docker2: { address: 192.0.2.12 }',
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        ' docker1: { interfaces: [{ name: eth0, mac: "02:00:00:00:00:01", mtu: 1500, up: true, addresses: [198.51.100.1/24] }] }',
    },
  },
  'udp-port-taken': {
    severity: 'warning',
    title: "Something else on a host uses the tunnels' UDP port",
    cause:
      "VXLAN and Geneve packets arrive at a UDP port, which has one receiver: Open vSwitch, or Docker's swarm, flannel or another VXLAN device of the host. The other one receives nothing.",
    mend: 'Give the overlay a `dst_port` that is free on all of its hosts.',
    example: {
      playbook:
        ' hosts: docker[1:2]\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: vxlan, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: vxlan, dst_port: 8472, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts: '-docker1: { "udp-port:4789": true }\n+docker1: { "udp-port:8472": false }',
    },
  },
  'left-over-tunnel': {
    severity: 'warning',
    title: 'A bridge has tunnels of an overlay that no step names any more',
    cause:
      'A step deletes only the tunnels of its own overlay, because those of another may belong to another playbook. They can form a loop with those of the steps.',
    mend: 'Remove them with `ovs_tunnels` and `state: absent`, unless another playbook uses the overlay.',
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n+  - ovs_tunnels: { bridge: br0, overlay: old, state: absent }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        ' docker1: { ovs: { bridges: { br0: { ports: { br0: { type: internal }, old-x: { type: gre, options: { remote_ip: 198.51.100.9 }, externalIds: { meshbook-overlay: old, meshbook-peer: x } } } } } } }',
    },
  },
  'docker-live-restore': {
    severity: 'warning',
    title: 'Containers are stopped although Docker has live-restore',
    cause:
      'With live-restore, containers survive a restart of the daemon, which then ignores a change of its network. So meshbook stops them first and starts them again.',
    mend: 'Plan for the interruption, or turn live-restore off.',
    example: {
      playbook: ' hosts: docker1\n steps:\n   - docker_daemon: { mtu: 1400 }',
      facts: ` docker1:
   docker:
     installed: true
     active: active
     enabled: true
     units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }]
     environment: []
     daemon:
       argv: [/usr/sbin/dockerd]
-      liveRestore: true
+      liveRestore: false
       networks: [{ name: bridge, driver: bridge, options: { com.docker.network.bridge.default_bridge: "true" }, subnet: 172.17.0.0/16 }]
       containers: [{ name: web, restart: "no", autoRemove: false, networks: [bridge] }]`,
    },
  },
});
