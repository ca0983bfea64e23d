import { codes } from './code-entry.ts';

/** What is wrong with a step's params, whatever its host is like. */
export const stepCodes = codes({
  'command-without-one': {
    severity: 'error',
    title: 'A command step says no command, or two',
    cause: 'It runs one command: as a list of words (`argv`) or as a line for `sh` (`run`).',
    mend: 'Give exactly one of them.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - command: { always: true }\n+  - command: { always: true, run: uptime }',
    },
  },
  'command-without-guard': {
    severity: 'error',
    title: "A command step doesn't say when there is nothing to do",
    cause: 'Nobody can tell by a command whether its work is done already; the plan would never be empty.',
    mend: 'Give `creates`, `unless` or `only_if`, or `always: true` for one that shall run each time.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - command: { run: mkdir /srv/data }\n+  - command: { run: mkdir /srv/data, creates: /srv/data }',
    },
  },
  'command-with-guards': {
    severity: 'error',
    title: 'A command that always runs has a guard',
    cause: "One says that it runs each time, the other that it doesn't.",
    mend: 'Take `always` or the guard out.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - command: { run: mkdir /srv/data, creates: /srv/data, always: true }\n+  - command: { run: mkdir /srv/data, creates: /srv/data }',
    },
  },
  'file-contradiction': {
    severity: 'error',
    title: 'A file that shall be absent is described',
    cause: "What isn't there has no content, mode or owner.",
    mend: 'Take `state: absent` out, or the others.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/motd, state: absent, content: hello }\n+  - file: { path: /etc/motd, content: hello }',
    },
  },
  'file-content': {
    severity: 'error',
    title: 'A file has no content, or more than one',
    cause: 'A file step says the whole content, in one of three ways; only text can be content.',
    mend: 'Give exactly one of `content`, `source` and `template`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/motd }\n+  - file: { path: /etc/motd, content: hello }',
    },
  },
  'service-without-state': {
    severity: 'error',
    title: 'A service step says nothing of the service',
    cause: 'Without `state` and `enabled` there is nothing that should hold.',
    mend: 'Give one of them, or both.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - service: { name: docker }\n+  - service: { name: docker, state: started }',
    },
  },
  'own-member': {
    severity: 'error',
    title: 'A bridge is its own member',
    cause: 'That would be a loop, which the kernel refuses.',
    mend: 'Take it out of `members`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: br0, members: [br0] }\n+  - linux_bridge: { name: br0 }',
    },
  },
  'ovs-only': {
    severity: 'error',
    title: 'A Linux bridge has no datapath',
    cause: '`datapath` says how Open vSwitch moves packets; a Linux bridge is in the kernel always.',
    mend: 'Take `datapath` out, or write `type: ovs`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - bridge_uplink: { interface: eth1, bridge: br0, datapath: netdev }\n+  - bridge_uplink: { interface: eth1, bridge: br0, type: ovs, datapath: netdev }',
    },
  },
  'group-mac': {
    severity: 'error',
    title: "A MAC address is a group's",
    cause: 'Addresses whose first byte is odd mean many receivers; no interface can have one.',
    mend: 'Choose one whose first byte is even; 02, 06, 0a and 0e begin those for private use.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n-  - ovs_bridge: { name: br0, mac: "03:00:00:00:00:01" }\n+  - ovs_bridge: { name: br0, mac: "02:00:00:00:00:01" }',
    },
  },
  'gateway-outside': {
    severity: 'error',
    title: "The default gateway isn't in the bridge's network",
    cause:
      "Containers reach only what is in their own network without a gateway; Docker doesn't start with it.",
    mend: "Choose an address in the bridge's network, or leave it out: then it is the bridge's.",
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { bip: 10.1.1.1/24, default_gateway: 10.1.2.1 }\n+  - docker_daemon: { bip: 10.1.1.1/24, default_gateway: 10.1.1.254 }',
    },
  },
  'docker-bridge-and-bip': {
    severity: 'error',
    title: 'Docker is given a bridge of its own and an address for docker0',
    cause: "`--bridge` and `--bip` exclude each other: the daemon doesn't start with both.",
    mend: 'Leave `bip` out: a bridge of your own has its address already.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { bridge: newbridge, bip: 10.1.1.1/24 }\n+  - docker_daemon: { bip: 10.1.1.1/24 }',
    },
  },
  'docker-icc-needs-iptables': {
    severity: 'error',
    title: 'Containers shall be kept apart without packet filter rules',
    cause: 'Docker keeps `icc: false` by rules, which `iptables: false` forbids it to make.',
    mend: 'Leave one of them out.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { icc: false, iptables: false }\n+  - docker_daemon: { icc: false }',
    },
  },
});
