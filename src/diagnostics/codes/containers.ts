import { codes } from './code-entry.ts';

/** Interfaces that steps give to containers. */
export const containerCodes = codes({
  'docker-not-active': {
    severity: 'error',
    title: 'Docker is not running',
    cause: 'Its containers are found through the daemon. meshbook does not start it to make a plan.',
    mend: 'Start Docker, then plan again.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n   - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: '-docker1: { "container:web": no Docker }\n+docker1: {}',
    },
  },
  'unknown-container': {
    severity: 'error',
    title: 'The host has no container of that name',
    cause: 'A container must exist when the plan is made.',
    mend: 'Fix the name, or create the container first.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: wbe, address: 10.11.12.5/24, bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
  'container-stopped': {
    severity: 'error',
    title: 'The container is not running',
    cause: 'A container has a network namespace only while it runs.',
    mend: 'Start the container, then plan again.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n   - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: '-docker1: { "container:web": { id: "1", running: false } }\n+docker1: {}',
    },
  },
  'container-on-host-network': {
    severity: 'error',
    title: "The container runs in the host's network namespace",
    cause: "It was started with `--network host`, so an interface in it would be the host's own.",
    mend: 'Start the container with another network, such as `--network none`.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n   - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: '-docker1: { "container:web": { id: "1", running: true, hostNetwork: true } }\n+docker1: {}',
    },
  },
  'not-a-linux-bridge': {
    severity: 'error',
    title: 'The bridge of a container is not a Linux bridge',
    cause: "The host's end of the container's interface becomes a member of a Linux bridge.",
    mend: 'Name a Linux bridge. For Open vSwitch, one that has the bridge of Open vSwitch as a member.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 10.11.12.5/24, bridge: eth1 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
  'container-address-taken': {
    severity: 'error',
    title: 'The address of a container is in use on the host',
    cause: 'Another container or the bridge has it. Packets would reach one or the other.',
    mend: 'Choose another address.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.6/24, bridge: br0 }',
      facts: ' docker1: { container_addresses: [{ containers: [db], addresses: [10.11.12.5/24] }] }',
    },
  },
  'container-address-outside': {
    severity: 'error',
    title: "The address of a container is outside of its bridge's network",
    cause: 'The host and other containers on the bridge could not reach it.',
    mend: "Choose an address in the bridge's network.",
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 10.11.13.5/24, bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
  'default-route-taken': {
    severity: 'error',
    title: 'The container has another default route',
    cause: "It belongs to an interface that is not the step's, such as Docker's own.",
    mend: 'Leave `gateway` out, or start the container with `--network none`.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 10.11.12.5/24, gateway: 10.11.12.1, bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: ' docker1: { "routes:web": [{ dst: default, gateway: 172.17.0.1, dev: eth0, flags: [] }] }',
    },
  },
  'gateway-outside': {
    severity: 'error',
    title: "The gateway is outside of the interface's network",
    cause: 'The kernel refuses a route by a gateway that it cannot reach.',
    mend: "Name a gateway in the address's network.",
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 10.11.12.5/24, gateway: 10.11.13.1, bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, gateway: 10.11.12.1, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
  'wrong-address-family': {
    severity: 'error',
    title: 'The step takes no IPv6 address',
    cause: "Docker turns IPv6 off in containers' network namespaces unless it is asked for.",
    mend: 'Write an IPv4 address.',
    example: {
      playbook:
        " hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 'fd00::5/64', bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }",
      facts: ' docker1: {}',
    },
  },
  'container-before-docker': {
    severity: 'warning',
    title: 'A later step may restart Docker and end an interface in a container',
    cause:
      'A restart of Docker starts containers again, with new network namespaces. Such a run does not end as planned, and is undone.',
    mend: 'Put steps that change the Docker daemon before those that give containers interfaces.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n-  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }\n   - docker_daemon: { bridge: br0, fixed_cidr: 10.11.12.128/26 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
  'container-address-duplicate': {
    severity: 'error',
    title: 'Two interfaces on one network get the same address',
    cause:
      'Two steps give it to containers, or one to a container and one to a bridge, on one host or on an overlay. Packets would reach one or the other.',
    mend: 'Give each its own address.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n   - container_nic: { container: web, name: eth1, address: 10.11.12.5/24, bridge: br0 }\n-  - container_nic: { container: web, name: eth2, address: 10.11.12.5/24, bridge: br0 }\n+  - container_nic: { container: web, name: eth2, address: 10.11.12.6/24, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
  'container-address-in-range': {
    severity: 'error',
    title: 'Docker gives out the address of a container',
    cause:
      'It lies in the range from which Docker gives addresses to containers. Docker does not know that it is in use.',
    mend: "Choose an address outside of Docker's range, or narrow `fixed_cidr`.",
    example: {
      playbook:
        ' hosts: docker1\n steps:\n   - linux_bridge: { name: br0, address: 10.11.12.1/24 }\n   - docker_daemon: { bridge: br0, fixed_cidr: 10.11.12.128/26 }\n-  - container_nic: { container: web, address: 10.11.12.130/24, bridge: br0 }\n+  - container_nic: { container: web, address: 10.11.12.5/24, bridge: br0 }',
      facts: ' docker1: {}',
    },
  },
});
