import { codes } from './code-entry.ts';

/** What may keep Docker from starting again, as far as it can be foreseen. */
export const dockerCodes = codes({
  'docker-config-refused': {
    severity: 'error',
    title: 'Docker refuses its own configuration file',
    cause:
      'It has a key that Docker doesn\'t know, or a value of the wrong type (for example `"false"` in quotes). A running daemon read the file at its start; after a restart, neither it nor its containers would come back.',
    mend: 'Fix /etc/docker/daemon.json first.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"iptables\\": \\"false\\" }", mode: "0644", owner: root, group: root } }\n+all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"iptables\\": false }", mode: "0644", owner: root, group: root } }',
    },
  },
  'docker-option-twice': {
    severity: 'error',
    title: "An option is both in daemon.json and on Docker's command line",
    cause: "Docker doesn't start with an option in two places. A daemon that is running was started before.",
    mend: 'Remove it from one of the two places that the message names.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { mtu: 1450 }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"hosts\\": [\\"fd://\\"] }", mode: "0644", owner: root, group: root } }\n+all: {}',
    },
  },
  'docker-second-address': {
    severity: 'error',
    title: 'Docker would use another address of the bridge',
    cause:
      "Of several IPv4 addresses, Docker up to version 27 uses the first, unless `fixed_cidr` contains another one. If `fixed_cidr` is only in another address's network, containers get addresses of the wrong network.",
    mend: "Make `fixed_cidr` contain that address, put it first on the bridge, or make it the bridge's only one.",
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: newbridge, address: [10.60.1.1/24, 10.60.2.1/24] }\n+  - linux_bridge: { name: newbridge, address: [10.60.2.1/24, 10.60.1.1/24] }\n   - docker_daemon: { bridge: newbridge, fixed_cidr: 10.60.2.128/26 }',
      facts: ' all: {}',
    },
  },
  'docker-bridge-taken': {
    severity: 'error',
    title: 'Another Docker network uses the bridge',
    cause:
      "A bridge can have only one of Docker's networks: Docker refuses a second one, and doesn't start with two.",
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
    title: "Two of Docker's networks overlap",
    cause: "Docker refuses a network in another one's range, and doesn't start if two have the same range.",
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
    title: 'More containers are running than the new range has addresses',
    cause:
      "Docker's restart stops the containers on its default network, and those that get no address don't start again. Containers don't get the first and the last address of the bridge's network, the bridge's own address and the gateway. Containers on their own networks, with `--network host` or with another's network need none.",
    mend: 'Give the host a larger `fixed_cidr` (for a range of an overlay, a smaller `subnet_prefix`), stop containers that nobody needs, or move some to their own network.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - linux_bridge: { name: newbridge, address: 10.60.1.1/24 }\n-  - docker_daemon: { bridge: newbridge, fixed_cidr: 10.60.1.0/30 }\n+  - docker_daemon: { bridge: newbridge, fixed_cidr: 10.60.1.0/29 }',
      facts:
        ' all: { docker: { installed: true, active: active, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }], environment: [], daemon: { argv: [/usr/sbin/dockerd], liveRestore: false, networks: [], containers: [{ name: a, restart: "no", autoRemove: false, networks: [bridge] }, { name: b, restart: "no", autoRemove: false, networks: [bridge] }, { name: c, restart: "no", autoRemove: false, networks: [bridge] }] } } }',
    },
  },
  'docker-config-duplicate': {
    severity: 'warning',
    title: 'daemon.json has the same key twice',
    cause: 'Docker silently uses the last one, so a change of the first has no effect.',
    mend: 'Remove all but one.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_daemon: { icc: true }',
      facts:
        '-all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"mtu\\": 1400, \\"mtu\\": 1450 }", mode: "0644", owner: root, group: root } }\n+all: { "file:/etc/docker/daemon.json": { kind: text, content: "{ \\"mtu\\": 1450 }", mode: "0644", owner: root, group: root } }',
    },
  },
});
