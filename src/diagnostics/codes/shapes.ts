import { codes } from './code-entry.ts';

/** What is wrong with how an overlay links its hosts. */
export const shapeCodes = codes({
  'hub-not-member': {
    severity: 'error',
    title: "An overlay's hub is none of its hosts",
    cause:
      "All others are linked with the hub, so it must be among the playbook's hosts, or those that the overlay's own `hosts` names.",
    mend: 'Mend the name, or widen `hosts`.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, hub: docker9 } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, hub: docker1 } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'link-not-member': {
    severity: 'error',
    title: "A link ends at a host that isn't in the overlay",
    cause: "Each end of a link is one of the overlay's hosts, which have a bridge for it.",
    mend: "Mend the name, or widen the overlay's `hosts`.",
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
    cause:
      'A link is there from both of its ends, whichever stands first; a second one between the same hosts would be the same tunnel.',
    mend: 'Take one of them out.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker1], [docker2, docker3]] } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker3]] } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'overlay-not-connected': {
    severity: 'error',
    title: 'An overlay falls into parts',
    cause: 'Hosts of one overlay share a network, but no links lead from one part to the other.',
    mend: 'Add links between the parts, or make an overlay of each.',
    example: {
      playbook:
        ' hosts: all\n-overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2]] } }\n+overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, links: [[docker1, docker2], [docker2, docker3]] } }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'rstp-too-wide': {
    severity: 'error',
    title: 'A graph with a cycle is too wide for RSTP',
    cause:
      'The spanning tree protocol keeps a port closed only while it hears of its root, over at most 19 hops. Beyond, a cycle becomes a loop.',
    mend: 'Use a chain, or links that are shortcuts, or fewer hosts.',
    example: {
      inventory: ' hosts:\n   "192.0.2.[1:40]":',
      playbook:
        ' hosts: all\n overlays:\n-  lab: { cidr: 10.11.0.0/16, tunnel: gre, subnet_prefix: 24, shape: ring }\n+  lab: { cidr: 10.11.0.0/16, tunnel: gre, subnet_prefix: 24, shape: chain }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'loop-while-changing': {
    severity: 'warning',
    title: 'New links of an overlay that is in use can make a loop for a moment',
    cause:
      'Hosts are changed in parallel, and not in the same moment. Neither the links that they have nor those that they will have make a circle, but both together do, and no port is protected: while some hosts have changed and others have not, broadcasts can go in circles.',
    mend: 'Take the tunnels away first, by `ovs_tunnels` with `state: absent`, and make the new ones afterwards. From and to `full_mesh`, and to a shape with RSTP, this is not needed.',
    example: {
      playbook:
        ' hosts: docker1,docker2,docker3\n overlays:\n-  lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, shape: hub, hub: docker3 }\n+  lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, shape: chain }\n steps:\n   - ovs_bridge: { name: br0 }\n   - ovs_tunnels: { bridge: br0, overlay: lab }',
      facts:
        ' docker1: { ovs: { bridges: { br0: { ports: { lab-docker2: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker2 } } } } } } }\n docker2: { ovs: { bridges: { br0: { ports: { lab-docker1: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker1 } }, lab-docker3: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker3 } } } } } } }\n docker3: { ovs: { bridges: { br0: { ports: { lab-docker2: { type: gre, externalIds: { meshbook-overlay: lab, meshbook-peer: docker2 } } } } } } }',
    },
  },
  'bridge-loop': {
    severity: 'error',
    title: 'Overlays make a loop together',
    cause:
      'Each is sound by itself, but bridges that they share, or a Linux bridge with both their bridges as members, join what is joined already. Broadcasts then go in circles until nothing else gets through.',
    mend: 'Give each overlay bridges of its own, or make one overlay of them that has the links you want.',
    example: {
      playbook:
        ' hosts: all\n overlays:\n   one: { cidr: 10.11.12.0/24, tunnel: gre, key: 1, subnet_prefix: 28 }\n   two: { cidr: 10.11.13.0/24, tunnel: gre, key: 2, subnet_prefix: 28 }\n steps:\n   - ovs_bridge: { name: br1 }\n+  - ovs_bridge: { name: br2 }\n   - ovs_tunnels: { bridge: br1, overlay: one }\n-  - ovs_tunnels: { bridge: br1, overlay: two }\n+  - ovs_tunnels: { bridge: br2, overlay: two }',
    },
  },
});
