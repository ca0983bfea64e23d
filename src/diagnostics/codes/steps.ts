import { codes } from './code-entry.ts';

/** Errors in a step's params, independent of its host. */
export const stepCodes = codes({
  'command-without-one': {
    severity: 'error',
    title: 'A command step has no command, or two',
    cause: 'It runs one command, either a list of words (`argv`) or a line for `sh` (`run`).',
    mend: 'Give exactly one of them.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - command: { always: true }\n+  - command: { always: true, run: uptime }',
    },
  },
  'command-without-guard': {
    severity: 'error',
    title: 'A command step has no guard',
    cause:
      "Without a guard, meshbook can't tell whether the command's work is already done; the plan would never be empty.",
    mend: 'Give `creates`, `unless` or `only_if`, or `always: true` if it should run each time.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - command: { run: mkdir /srv/data }\n+  - command: { run: mkdir /srv/data, creates: /srv/data }',
    },
  },
  'command-with-guards': {
    severity: 'error',
    title: 'A command that always runs has a guard',
    cause: '`always` says that it runs each time, the guard says that it may not.',
    mend: 'Remove `always` or the guard.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - command: { run: mkdir /srv/data, creates: /srv/data, always: true }\n+  - command: { run: mkdir /srv/data, creates: /srv/data }',
    },
  },
  'file-contradiction': {
    severity: 'error',
    title: 'A file with `state: absent` has other params',
    cause: "A file that doesn't exist has no content, mode or owner.",
    mend: 'Remove `state: absent`, or the other params.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/motd, state: absent, content: hello }\n+  - file: { path: /etc/motd, content: hello }',
    },
  },
  'file-content': {
    severity: 'error',
    title: 'A file has no content, or more than one',
    cause: 'A file step gives the whole content, in one of three ways; the content must be text.',
    mend: 'Give exactly one of `content`, `source` and `template`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/motd }\n+  - file: { path: /etc/motd, content: hello }',
    },
  },
  'service-without-state': {
    severity: 'error',
    title: 'A service step has no state',
    cause: 'Without `state` or `enabled`, the step would do nothing.',
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
    mend: 'Remove it from `members`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - linux_bridge: { name: br0, members: [br0] }\n+  - linux_bridge: { name: br0 }',
    },
  },
  'ovs-only': {
    severity: 'error',
    title: 'A Linux bridge has no datapath',
    cause: '`datapath` says how Open vSwitch forwards packets; a Linux bridge is always in the kernel.',
    mend: 'Remove `datapath`, or write `type: ovs`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - bridge_uplink: { interface: eth1, bridge: br0, datapath: netdev }\n+  - bridge_uplink: { interface: eth1, bridge: br0, type: ovs, datapath: netdev }',
    },
  },
  'group-mac': {
    severity: 'error',
    title: 'A MAC address is a group address',
    cause: 'Addresses whose first byte is odd address many receivers; no interface can have one.',
    mend: 'Choose one whose first byte is even; 02, 06, 0a and 0e are for private use.',
    example: {
      playbook:
        ' hosts: docker1\n steps:\n-  - ovs_bridge: { name: br0, mac: "03:00:00:00:00:01" }\n+  - ovs_bridge: { name: br0, mac: "02:00:00:00:00:01" }',
    },
  },
  'gateway-outside': {
    severity: 'error',
    title: "The default gateway isn't in the bridge's network",
    cause:
      "Without a gateway, containers reach only their own network; Docker doesn't start with a gateway outside it.",
    mend: "Choose an address in the bridge's network, or leave it out: the default is the bridge's own address.",
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { bip: 10.1.1.1/24, default_gateway: 10.1.2.1 }\n+  - docker_daemon: { bip: 10.1.1.1/24, default_gateway: 10.1.1.254 }',
    },
  },
  'docker-bridge-and-bip': {
    severity: 'error',
    title: 'Docker is given both its own bridge and an address for docker0',
    cause: "`--bridge` and `--bip` exclude each other: the daemon doesn't start with both.",
    mend: 'Leave `bip` out: your bridge already has its address.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { bridge: newbridge, bip: 10.1.1.1/24 }\n+  - docker_daemon: { bip: 10.1.1.1/24 }',
    },
  },
  'docker-icc-needs-iptables': {
    severity: 'error',
    title: "Containers can't be isolated without packet filter rules",
    cause: 'Docker implements `icc: false` by rules, which `iptables: false` forbids.',
    mend: 'Remove one of them.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_daemon: { icc: false, iptables: false }\n+  - docker_daemon: { icc: false }',
    },
  },
});
