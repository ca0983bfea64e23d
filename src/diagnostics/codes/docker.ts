import { codes } from './code-entry.ts';

/** What keeps Docker from starting again, as far as it can be foreseen. */
export const dockerCodes = codes({
  'docker-config-refused': {
    severity: 'error',
    title: 'Docker refuses its own configuration file',
    cause:
      'A key that it does not know, or a value of another type than it takes (`"false"` in quotes, say). A daemon that runs read the file when it was started; restarted, it does not come back, and its containers neither.',
    mend: 'Mend /etc/docker/daemon.json first.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"iptables\\": \\"false\\" }", mode: "0644", owner: root, group: root } }\n+all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"iptables\\": false }", mode: "0644", owner: root, group: root } }',
    },
  },
  'docker-option-twice': {
    severity: 'error',
    title: "An option stands in daemon.json and on Docker's command line",
    cause: "Docker doesn't start with an option in two places. A daemon that runs was started before.",
    mend: 'Take it out of one of the two that the message names.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"hosts\\": [\\"fd://\\"] }", mode: "0644", owner: root, group: root } }\n+all: {}',
    },
  },
  'docker-second-address': {
    severity: 'error',
    title: 'Docker would take another address of the bridge',
    cause:
      'Of several IPv4 addresses Docker up to 27 takes the first, unless `fixed_cidr` holds another one itself. With `fixed_cidr` merely in the network of another, containers get addresses of the wrong network.',
    mend: 'Let `fixed_cidr` hold that address, put it first on the bridge, or leave it alone there.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: newbridge, address: [10.60.1.1/24, 10.60.2.1/24] }\n+  - linux_bridge: { name: newbridge, address: [10.60.2.1/24, 10.60.1.1/24] }\n   - docker_daemon: { bridge: newbridge, fixed_cidr: 10.60.2.128/26 }',
      facts: ' all: {}',
    },
  },
  'docker-bridge-taken': {
    severity: 'error',
    title: "Docker's bridge belongs to another of its networks",
    cause:
      "`docker network create` has made a network on it, and Docker doesn't start with two on one bridge.",
    mend: 'Choose another bridge, or remove the network.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: newbridge, address: 10.11.12.1/24 }\n   - docker_daemon: { bridge: newbridge }',
      facts:
        '-all: { docker: { installed: true, active: active, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }], environment: [], daemon: { argv: [/usr/sbin/dockerd], liveRestore: false, networks: [{ name: shop, driver: bridge, options: { com.docker.network.bridge.name: newbridge }, subnet: 10.11.12.0/24 }], containers: [] } } }\n+all: {}',
    },
  },
  'docker-range-taken': {
    severity: 'error',
    title: "Docker's default network overlaps another of its networks",
    cause:
      "`docker network create` has given that range away, and Docker doesn't start with a range that two networks have.",
    mend: 'Choose another range, or remove the network.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { bip: 10.50.0.129/25 }\n+  - docker_daemon: { bip: 10.51.0.129/25 }',
      facts:
        ' all: { docker: { installed: true, active: active, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }], environment: [], daemon: { argv: [/usr/sbin/dockerd], liveRestore: false, networks: [{ name: shop, driver: bridge, options: {}, subnet: 10.50.0.0/24 }], containers: [] } } }',
    },
  },
  'docker-range-too-small': {
    severity: 'error',
    title: 'More containers run than their new range has addresses',
    cause:
      "Docker's restart stops the containers on its default network, and those that get no address don't start again. The first and the last address of the bridge's network, the bridge's own and the gateway aren't given to containers. Containers on networks of their own, with `--network host` or with another's network need none.",
    mend: 'Give the host a larger `fixed_cidr` (for a range of an overlay, a smaller `subnet_prefix`), stop containers that nobody needs, or put some on a network of their own.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: newbridge, address: 10.60.1.1/24 }\n-  - docker_daemon: { bridge: newbridge, fixed_cidr: 10.60.1.0/30 }\n+  - docker_daemon: { bridge: newbridge, fixed_cidr: 10.60.1.0/29 }',
      facts:
        ' all: { docker: { installed: true, active: active, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }], environment: [], daemon: { argv: [/usr/sbin/dockerd], liveRestore: false, networks: [], containers: [{ name: a, restart: "no", autoRemove: false, networks: [bridge] }, { name: b, restart: "no", autoRemove: false, networks: [bridge] }, { name: c, restart: "no", autoRemove: false, networks: [bridge] }] } } }',
    },
  },
  'docker-config-duplicate': {
    severity: 'warning',
    title: 'daemon.json has a key twice',
    cause:
      'Docker heeds the last one and says nothing. Whoever changes the first wonders why nothing happens.',
    mend: 'Take out all but one.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { icc: true }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"mtu\\": 1400, \\"mtu\\": 1450 }", mode: "0644", owner: root, group: root } }\n+all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"mtu\\": 1450 }", mode: "0644", owner: root, group: root } }',
    },
  },
});
