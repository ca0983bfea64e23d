import { codes } from './code-entry.ts';

/** Why a step is impossible on a host in its present state. Found when planning, as it needs the host's facts. */
export const hostCodes = codes({
  'not-a-file': {
    severity: 'error',
    title: 'The path of a file is taken by something else',
    cause: 'There is a directory, a device or a dangling link at the path. meshbook deletes none of them.',
    mend: 'Remove it by hand, or choose another path.',
    example: {
      playbook: ' hosts: all\n steps:\n   - file: { path: /etc/motd, content: hello }',
      facts:
        '-all: { "file:/etc/motd": { kind: directory, mode: "0755", owner: root, group: root } }\n+all: { "file:/etc/motd": null }',
    },
  },
  'name-taken': {
    severity: 'error',
    title: "An interface of another type has the bridge's name",
    cause: 'Interface names are unique on a host, and meshbook deletes nothing to free one.',
    mend: 'Choose another name.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - linux_bridge: { name: eth0 }\n+  - linux_bridge: { name: br0 }',
      facts: ' all: {}',
    },
  },
  'address-elsewhere': {
    severity: 'error',
    title: 'Another interface has an address that a step gives to a bridge',
    cause:
      'If two interfaces have the same address, the host answers for it in the wrong network. This happens when a bridge is renamed in the playbook: its step makes a second bridge.',
    mend: 'If a bridge was renamed, remove the old one: with `--prune` if a run of this playbook made it, or with a step that says `state: absent`. If the other interface is in use, give the bridge another address. A `bridge_uplink` step moves an interface into a bridge with its addresses and routes.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - linux_bridge: { name: oldbr, state: absent }\n   - linux_bridge: { name: newbr, address: 10.9.0.1/24 }',
      facts:
        ' all: { interfaces: [{ name: lo, mtu: 65536, up: true, addresses: [127.0.0.1/8] }, { name: oldbr, kind: bridge, mtu: 1500, up: true, addresses: [10.9.0.1/24] }] }',
    },
  },
  'member-moves': {
    severity: 'warning',
    title: 'A member leaves another bridge',
    cause: 'An interface is a member of only one bridge at a time. The other bridge stays, without it.',
    mend: 'If the bridge was renamed, remove the old one: with `--prune` if a run of this playbook made it, or with a step that says `state: absent`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - linux_bridge: { name: oldbr, state: absent }\n   - linux_bridge: { name: newbr, members: [eth1] }',
      facts:
        ' all: { interfaces: [{ name: lo, mtu: 65536, up: true, addresses: [127.0.0.1/8] }, { name: oldbr, kind: bridge, mtu: 1500, up: true, addresses: [] }, { name: eth1, mtu: 1500, up: true, master: oldbr, addresses: [] }] }',
    },
  },
  'forwarding-delay': {
    severity: 'warning',
    title: 'Traffic waits for the spanning tree protocol',
    cause:
      'A bridge with STP forwards nothing through a new member until it has listened and then learned, for one forward delay each (15 seconds by default). Checks of the run are retried for at least 60 seconds; other programs simply lose packets.',
    mend: 'Nothing, if the bridge needs STP. Otherwise write `stp: false`, provided that no other path connects the members.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: br0, members: [eth1] }\n+  - linux_bridge: { name: br0, members: [eth1], stp: false }',
      facts:
        ' all: { interfaces: [{ name: lo, mtu: 65536, up: true, addresses: [127.0.0.1/8] }, { name: br0, kind: bridge, stp: true, mtu: 1500, up: true, addresses: [] }, { name: eth1, mtu: 1500, up: true, addresses: [] }] }',
    },
  },
  'unknown-interface': {
    severity: 'error',
    title: 'The host has no such interface',
    cause: "A bridge's members must exist already, or be made by an earlier step.",
    mend: 'Correct the name, or put the step that makes it before this one.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: br0, members: [eth7] }\n+  - linux_bridge: { name: br0, members: [eth1] }',
      facts: ' all: {}',
    },
  },
  'bridge-in-bridge': {
    severity: 'error',
    title: "A Linux bridge can't be a member of another",
    cause: 'The kernel refuses it, because nested bridges can form loops.',
    mend: 'Join them with a veth pair, or use an Open vSwitch bridge as the member.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: br0 }\n-  - linux_bridge: { name: br1, members: [br0] }\n+  - linux_bridge: { name: br1, members: [eth1] }',
      facts: ' all: {}',
    },
  },
  'not-restorable': {
    severity: 'error',
    title: 'Undo could not restore a bridge or a port',
    cause:
      "It has settings that meshbook can't restore, such as controllers or mirrors; deleting it would lose them.",
    mend: 'Remove these settings, or delete the bridge or the port by hand.',
    example: {
      playbook: ' hosts: all\n steps:\n   - ovs_bridge: { name: br0, state: absent }',
      facts:
        '-all: { ovs: { bridges: { br0: { other: { controller: [tcp] }, ports: { br0: { type: internal } } } } } }\n+all: { ovs: { bridges: { br0: { ports: { br0: { type: internal } } } } } }',
    },
  },
  'needs-open-vswitch': {
    severity: 'error',
    title: 'Open vSwitch is not installed',
    cause: 'The step needs its database, and no earlier step installs the package.',
    mend: 'Put a `package` step with `openvswitch-switch` before it.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - package: { name: openvswitch-switch }\n   - ovs_bridge: { name: br0 }',
      facts:
        ' all: { ovs: not installed, "package:openvswitch-switch": { installed: null, candidate: 3.1.0-2 } }',
    },
  },
  'open-vswitch-stopped': {
    severity: 'error',
    title: 'Open vSwitch is installed but not running',
    cause: "Its database can't be read, so its bridges are unknown.",
    mend: 'Start the service `openvswitch-switch`, then plan again.',
    example: {
      playbook: ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }',
      facts: '-all: { ovs: not running }\n+all: { ovs: { bridges: {} } }',
    },
  },
  'unknown-bridge': {
    severity: 'error',
    title: 'The host has no such Open vSwitch bridge',
    cause: 'Tunnels are ports of a bridge, which must exist first.',
    mend: 'Correct the name, or put an `ovs_bridge` step before this one.',
    example: {
      playbook:
        ' hosts: all\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n+  - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts: ' all: {}',
    },
  },
  'underlay-mtu': {
    severity: 'error',
    title: "The underlay's MTU is smaller than the overlay expects",
    cause:
      "The interface with the host's underlay address has a smaller MTU than `underlay_mtu`. Tunnels don't fragment: large packets are lost while small ones pass.",
    mend: "Set the real `underlay_mtu` in the overlay, or raise the interface's MTU.",
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, underlay_mtu: 1400 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts: ' docker1: { interfaces: [{ name: eth0, mtu: 1400, up: true, addresses: [192.0.2.11/24] }] }',
    },
  },
  'port-elsewhere': {
    severity: 'error',
    title: "The overlay's tunnels are on another bridge",
    cause:
      "If both bridges lead to one network, packets would loop. A port's name is also unique on a host, so it can't be on two bridges; moving it would interrupt its traffic.",
    mend: 'Remove the tunnels from the other bridge first: `ovs_tunnels` with `state: absent`.',
    example: {
      playbook:
        ' hosts: docker[1:2]\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n+  - ovs_tunnels: { bridge: old, overlay: lab, state: absent }\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        ' docker1: { ovs: { bridges: { old: { ports: { old: { type: internal }, lab-docker2: { type: gre, options: { remote_ip: 192.0.2.12 }, externalIds: { meshbook-overlay: lab, meshbook-peer: docker2 } } } } } } }',
    },
  },
  'same-tunnel': {
    severity: 'error',
    title: 'Another port is already the same tunnel',
    cause:
      'Open vSwitch identifies tunnels by type, both addresses, key and UDP port. Of two ports with the same values it sets up only one, whichever bridges they are on.',
    mend: 'Delete the other port if nobody needs it, or give the overlay another `key`.',
    example: {
      playbook:
        ' hosts: docker[1:2]\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        '-docker1: { ovs: { bridges: { br1: { ports: { br1: { type: internal }, gre0: { type: gre, options: { local_ip: 192.0.2.11, remote_ip: 192.0.2.12 } } } } } } }\n+docker1: { ovs: { bridges: { br1: { ports: { br1: { type: internal } } } } } }',
    },
  },
  'tunnels-overlap': {
    severity: 'error',
    title: "The tunnel would take another port's packets",
    cause:
      "A tunnel without `local_ip`, or with `flow` for an address or the key, receives what no other port matches more exactly. The new tunnel would: someone else's packets would enter the overlay and no longer reach them.",
    mend: 'If the other port has its own key, give the overlay another `key` or `dst_port`; or complete the other port: `ovs-vsctl set Interface NAME options:local_ip=ADDRESS`.',
    example: {
      playbook:
        ' hosts: docker[1:2]\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        '-docker1: { ovs: { bridges: { br1: { ports: { br1: { type: internal }, gre0: { type: gre, options: { remote_ip: 192.0.2.12 } } } } } } }\n+docker1: { ovs: { bridges: { br1: { ports: { br1: { type: internal } } } } } }',
    },
  },
  'port-not-ours': {
    severity: 'error',
    title: "A port that meshbook didn't make has the tunnel's name",
    cause: 'meshbook changes only database rows that have its mark.',
    mend: 'Delete the port if nobody needs it.',
    example: {
      playbook:
        ' hosts: docker[1:2]\n overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        '-docker1: { ovs: { bridges: { br0: { ports: { br0: { type: internal }, lab-docker2: { type: gre, options: { remote_ip: 192.0.2.99 } } } } } } }\n+docker1: { ovs: { bridges: { br0: { ports: { br0: { type: internal } } } } } }',
    },
  },
  'no-systemd': {
    severity: 'error',
    title: "The host doesn't run systemd",
    cause: 'Services are systemd units; meshbook supports no other service manager.',
    mend: 'Exclude the host from the step, or use a `command` step.',
    example: {
      playbook: ' hosts: all\n steps:\n   - service: { name: docker, state: started }',
      facts: '-all: { "unit:docker.service": null }\n+all: {}',
    },
  },
  'unknown-unit': {
    severity: 'error',
    title: 'systemd knows no such unit',
    cause: "The name is wrong, or the package that contains the unit isn't installed.",
    mend: 'Correct the name, or put a `package` step before this one.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - service: { name: dockerd, state: started }\n+  - service: { name: docker, state: started }',
      facts: ' all: {}',
    },
  },
  'unit-masked': {
    severity: 'error',
    title: 'A unit is masked',
    cause: "Someone has masked it so that it can't be started.",
    mend: '`systemctl unmask NAME`, if that is no longer intended.',
    example: {
      playbook: ' hosts: all\n steps:\n   - service: { name: docker, state: started }',
      facts: '-all: { "unit:docker.service": { load: masked, active: inactive, file: masked } }\n+all: {}',
    },
  },
  'unit-not-enabled-by-itself': {
    severity: 'error',
    title: "A unit can't be enabled",
    cause: 'It has no [Install] section, or is generated at run time: other units start it.',
    mend: 'Leave out `enabled`, or enable the unit that starts it.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - service: { name: docker, enabled: true }\n+  - service: { name: docker, state: started }',
      facts: ' all: { "unit:docker.service": { load: loaded, active: inactive, file: static } }',
    },
  },
  'needs-docker': {
    severity: 'error',
    title: 'Docker is not installed',
    cause: 'There is no docker.service to configure, and no earlier step installs it.',
    mend: 'Put a `package` step before it.',
    example: {
      playbook: ' hosts: all\n steps:\n+  - package: { name: docker.io }\n   - docker_daemon: { mtu: 1450 }',
      facts:
        ' all:\n   docker: { installed: false, active: inactive, enabled: false, units: [], environment: [], daemon: null }\n   unit:docker.service: { load: not-found, active: inactive, file: "" }\n   package:docker.io: { installed: null, candidate: 20.10.24 }',
    },
  },
  'bridge-missing': {
    severity: 'error',
    title: "Docker's bridge does not exist",
    cause: "The daemon doesn't start without the interface that `--bridge` names.",
    mend: 'Put a `linux_bridge` step before it.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - linux_bridge: { name: newbridge, address: 10.11.12.1/24 }\n   - docker_daemon: { bridge: newbridge }',
      facts: ' all: {}',
    },
  },
  'bridge-without-address': {
    severity: 'error',
    title: "Docker's bridge has no IPv4 address",
    cause: 'Docker would choose an address, the same on each host.',
    mend: 'Give it one in the step that makes the bridge.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: newbridge }\n+  - linux_bridge: { name: newbridge, address: 10.11.12.1/24 }\n   - docker_daemon: { bridge: newbridge }',
      facts: ' all: {}',
    },
  },
  'not-a-linux-bridge': {
    severity: 'error',
    title: "Docker's bridge is not a Linux bridge",
    cause:
      "Docker can't use an Open vSwitch bridge: it adds its containers' interfaces with kernel calls for Linux bridges.",
    mend: 'Make a Linux bridge for Docker, with the Open vSwitch bridge as its member.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }\n-  - docker_daemon: { bridge: br0 }\n+  - linux_bridge: { name: newbridge, address: 10.11.12.1/24, members: [br0] }\n+  - docker_daemon: { bridge: newbridge }',
      facts: ' all: {}',
    },
  },
  'docker-unit-unusual': {
    severity: 'error',
    title: 'docker.service starts something other than dockerd',
    cause: 'meshbook can set options only if systemd starts dockerd itself.',
    mend: "Restore the unit's own ExecStart.",
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { docker: { installed: true, active: inactive, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/local/bin/wrapper\\n" }], environment: [], daemon: null } }\n+all: {}',
    },
  },
  'docker-config-unreadable': {
    severity: 'error',
    title: "Docker can't read /etc/docker/daemon.json",
    cause: "It isn't JSON, or not a mapping. Docker doesn't start with it.",
    mend: 'Fix the file first.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ mtu: 1450", mode: "0644", owner: root, group: root } }\n+all: {}',
    },
  },
  'docker-config-elsewhere': {
    severity: 'error',
    title: 'Docker reads its configuration from another file',
    cause: '`--config-file` names it; meshbook supports only /etc/docker/daemon.json.',
    mend: 'Move the file there and remove `--config-file`.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { docker: { installed: true, active: inactive, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd --config-file=/srv/docker.json\\n" }], environment: [], daemon: null } }\n+all: {}',
    },
  },
  'docker-drop-in-later': {
    severity: 'error',
    title: "Another drop-in overrides meshbook's",
    cause: 'Drop-ins apply in order of their file names, and the last ExecStart wins.',
    mend: "Rename the other file so that its name sorts before meshbook's.",
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { docker: { installed: true, active: inactive, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }, { path: /etc/systemd/system/docker.service.d/zzz.conf, text: "[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd\\n" }], environment: [], daemon: null } }\n+all: {}',
    },
  },
  'docker-option-elsewhere': {
    severity: 'error',
    title: "A Docker option is set in a place that meshbook doesn't change",
    cause: "Docker doesn't start with an option in two places.",
    mend: 'Remove it from the file that the message names.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { docker: { installed: true, active: inactive, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nEnvironmentFile=-/etc/default/docker\\nExecStart=/usr/sbin/dockerd $DOCKER_OPTS\\n" }], environment: [{ path: /etc/default/docker, text: "DOCKER_OPTS=--mtu=1400\\n" }], daemon: null } }\n+all: {}',
    },
  },
  'no-ifupdown': {
    severity: 'error',
    title: "ifupdown doesn't manage this host's network",
    cause: 'netplan, systemd-networkd or NetworkManager does, and ignores /etc/network/interfaces.',
    mend: 'Exclude this host from the step, or install `ifupdown` with a `package` step before it.',
    example: {
      playbook: ' hosts: all\n steps:\n   - interfaces_file: { bridge: br0 }',
      facts: '-all: { "package:ifupdown": { installed: null, candidate: 0.8.41 } }\n+all: {}',
    },
  },
  'no-bridge-utils': {
    severity: 'error',
    title: "bridge-utils isn't installed",
    cause:
      "ifupdown makes an uplink's bridge with the scripts of this package: without it the bridge is missing after the next boot.",
    mend: 'Put `package: { name: bridge-utils }` before the step.',
    example: {
      playbook:
        ' hosts: all\n steps:\n+  - package: { name: bridge-utils }\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts: ' all: { "package:bridge-utils": { installed: null, candidate: 1.7.1-1 } }',
    },
  },
  'interface-declared-twice': {
    severity: 'error',
    title: 'Another ifupdown file declares the interface',
    cause: 'ifupdown would bring it up twice, or stop at the second.',
    mend: 'Remove the other stanza, or choose another name.',
    example: {
      playbook: ' hosts: all\n steps:\n   - interfaces_file: { bridge: br0 }',
      facts:
        '-all: { ifupdown: { declared: [{ name: br0, file: /etc/network/interfaces.d/bridges }], dropIns: glob } }\n+all: {}',
    },
  },
  'no-uplink': {
    severity: 'error',
    title: "This interface can't be a bridge's uplink",
    cause: "A loopback, a bridge or a tunnel doesn't connect to an outside network.",
    mend: "Name the host's network card.",
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - bridge_uplink: { interface: lo, bridge: br0 }\n+  - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts: ' all: {}',
    },
  },
  'already-member': {
    severity: 'error',
    title: 'The interface is a member of another bridge',
    cause: 'An interface can be in only one bridge, and removing it would interrupt its traffic.',
    mend: 'Remove it from the other bridge first.',
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts:
        '-all: { interfaces: [{ name: eth1, mac: "02:00:00:00:01:01", mtu: 1500, up: true, master: other, addresses: [] }, { name: other, kind: bridge, mac: "02:00:00:00:01:01", mtu: 1500, up: true, addresses: [] }] }\n+all: {}',
    },
  },
  'no-mac': {
    severity: 'error',
    title: 'The interface has no MAC address',
    cause: 'Only Ethernet devices can be members of a bridge.',
    mend: 'Name another interface.',
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts: '-all: { interfaces: [{ name: eth1, mtu: 1500, up: true, addresses: [] }] }\n+all: {}',
    },
  },
  'no-kernel-module': {
    severity: 'error',
    title: 'The kernel lacks the module that the step needs',
    cause:
      'With the datapath `system`, Open vSwitch forwards packets in the kernel. The running kernel has no module `openvswitch`, neither loaded nor in /lib/modules.',
    mend: 'Write `datapath: netdev`, or install a kernel package that has the module.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n-  - ovs_bridge: { name: br0 }\n+  - ovs_bridge: { name: br0, datapath: netdev }',
      facts: '-docker1: { "kernel-module:openvswitch": false }\n+docker1: {}',
    },
  },
  'other-datapath': {
    severity: 'error',
    title: 'The bridge exists with another datapath',
    cause: 'Changing it interrupts everything on the bridge, which this step must not do.',
    mend: 'Write the datapath that it has, or change it with an `ovs_bridge` step.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - bridge_uplink: { interface: eth1, bridge: br0, type: ovs, datapath: netdev }\n+  - bridge_uplink: { interface: eth1, bridge: br0, type: ovs }',
      facts: ' all: { ovs: { bridges: { br0: { ports: { br0: { type: internal } } } } } }',
    },
  },
  'bridge-in-use': {
    severity: 'error',
    title: 'The bridge has other members',
    cause: "It can't be deleted while something else uses it.",
    mend: 'Remove these from the bridge first.',
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0, state: absent }',
      facts:
        '-all: { interfaces: [{ name: eth1, mac: "02:00:00:00:01:01", mtu: 1500, up: true, master: br0, addresses: [] }, { name: eth2, mac: "02:00:00:00:01:02", mtu: 1500, up: true, master: br0, addresses: [] }, { name: br0, kind: bridge, mac: "02:00:00:00:01:01", mtu: 1500, up: true, addresses: [] }] }\n+all: {}',
    },
  },
  'address-not-movable': {
    severity: 'error',
    title: "The uplink's address can't be moved onto the bridge",
    cause:
      'It comes from DHCP or a router advertisement, or has a label: it would not come back after the move.',
    mend: 'Give the host a static address first.',
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts:
        '-all: { interfaces: [{ name: eth1, mac: "02:00:00:00:01:01", mtu: 1500, up: true, addresses: [198.51.100.5/24], details: [{ address: 198.51.100.5/24, lent: true }] }] }\n+all: {}',
    },
  },
  'route-not-movable': {
    severity: 'error',
    title: "A route through the uplink can't be moved onto the bridge",
    cause: "It has properties that meshbook can't restore.",
    mend: 'Remove the route, or leave the interface as it is.',
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts:
        '-all: { routes: [{ dst: 203.0.113.0/24, dev: eth1, protocol: static, scope: link, encap: mpls, flags: [] }] }\n+all: { routes: [] }',
    },
  },
  'not-declared': {
    severity: 'error',
    title: 'No ifupdown file declares the uplink',
    cause:
      'So something else brings it up, and would do so again at the next boot, in addition to the bridge.',
    mend: 'Declare it in /etc/network/interfaces.d first: interfaces(5).',
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts: '-all: { ifupdown: { declared: [], dropIns: glob } }\n+all: {}',
    },
  },
  'stanza-not-movable': {
    severity: 'error',
    title: "The uplink's stanza can't be turned into the bridge's",
    cause: 'It has options that may mean something else on a bridge.',
    mend: "Simplify the stanza, or write the bridge's yourself.",
    example: {
      playbook: ' hosts: all\n steps:\n   - bridge_uplink: { interface: eth1, bridge: br0 }',
      facts:
        '-all: { "file:/etc/network/interfaces.d/eth1": { kind: text, content: "auto eth1\\niface eth1 inet ppp\\n", mode: "0644", owner: root, group: root } }\n+all: {}',
    },
  },
});
