import { codes } from './code-entry.ts';

/** Errors in how an overlay links its hosts. */
export const shapeCodes = codes({
  'hub-not-member': {
    severity: 'error',
    title: "An overlay's hub is not one of its hosts",
    cause:
      "All others are linked to the hub, so it must be among the playbook's hosts, or those that the overlay's own `hosts` names.",
    mend: 'Correct the name, or widen `hosts`.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, hub: docker9 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, hub: docker1 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'link-not-member': {
    severity: 'error',
    title: "A link ends at a host that isn't in the overlay",
    cause: "Each end of a link must be one of the overlay's hosts, which have a bridge for it.",
    mend: "Correct the name, or widen the overlay's `hosts`.",
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker9]] } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker3]] } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'link-to-itself': {
    severity: 'error',
    title: 'A link has both ends on one host',
    cause: 'A link is a tunnel between two hosts.',
    mend: 'Name the other host.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker3, docker3]] } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker3]] } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'link-twice': {
    severity: 'error',
    title: 'Two hosts are linked twice',
    cause: "The order of the two hosts doesn't matter: a second link between them would be the same tunnel.",
    mend: 'Remove one of them.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker1], [docker2, docker3]] } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker3]] } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-not-connected': {
    severity: 'error',
    title: 'An overlay has parts that no link connects',
    cause: 'Hosts of one overlay share a network, but there is no link between the parts.',
    mend: 'Add links between the parts, or make each an overlay.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2]] } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker3]] } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'rstp-too-wide': {
    severity: 'error',
    title: 'A graph with a cycle is too wide for RSTP',
    cause:
      'The spanning tree protocol blocks a port only while it receives BPDUs from its root, over at most 19 hops. Beyond that, a cycle becomes a loop.',
    mend: 'Use a chain, links that are shortcuts, or fewer hosts.',
    example: {
      inventory: ' hosts:\n   "192.0.2.[1:40]":',
      playbook:
        ' hosts: all\n overlays:\n-  lab: { cidr: 10.11.0.0/16, tunnel: gre, subnet_prefix: 24, shape: ring }\n+  lab: { cidr: 10.11.0.0/16, tunnel: gre, subnet_prefix: 24, shape: chain }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'loop-while-changing': {
    severity: 'warning',
    title: 'New links of an overlay in use can form a loop for a moment',
    cause:
      'Hosts are changed in parallel, but not at the same moment. Neither the old links nor the new ones form a cycle, but both together do, and no port is protected: while only some hosts have changed, broadcasts can loop.',
    mend: 'Remove the tunnels first (`ovs_tunnels` with `state: absent`), and make the new ones afterwards. This is not needed to or from `full_mesh`, or to a shape with RSTP.',
    example: {
      playbook:
        ' hosts: docker1,docker2,docker3\n overlays:\n-  lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, shape: hub, hub: docker3 }\n+  lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, shape: chain }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        ' docker1: { ovs: { bridges: { br0: { ports: { lab-docker2: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker2 } } } } } } }\n docker2: { ovs: { bridges: { br0: { ports: { lab-docker1: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker1 } }, lab-docker3: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker3 } } } } } } }\n docker3: { ovs: { bridges: { br0: { ports: { lab-docker2: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker2 } } } } } } }',
    },
  },
  'bridge-loop': {
    severity: 'error',
    title: 'Overlays together form a loop',
    cause:
      'Each is loop-free alone, but they are joined twice: by bridges that they share, or by a Linux bridge that has both their bridges as members. Broadcasts then loop until nothing else gets through.',
    mend: 'Give each overlay its own bridges, or make one overlay with the links that you want.',
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.12.0/24, tunnel: gre, key: 1, subnet_prefix: 28 }\n   two: { cidr: 10.11.13.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n steps:\n   - ovs_bridge: { name: br1 }\n+  - ovs_bridge: { name: br2 }\n   - ovs_tunnels: { bridge: br1, overlay: one }\n-  - ovs_tunnels: { bridge: br1, overlay: two }\n+  - ovs_tunnels: { bridge: br2, overlay: two }',
    },
  },
});
