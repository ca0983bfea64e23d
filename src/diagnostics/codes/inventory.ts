import { codes } from './code-entry.ts';

/** What is wrong with an inventory, or with a value that a schema describes. */
export const inventoryCodes = codes({
  'unknown-key': {
    severity: 'error',
    title: 'A key means nothing here',
    cause:
      'Every mapping but `vars` has a closed set of keys, so that a slip of the pen is an error and not silence.',
    mend: 'Mend the spelling; free variables belong under `vars`. Where other tools have another word for the same, the hint says ours.',
    example: {
      inventory: ' hosts:\n-  docker1: { adress: 192.0.2.11 }\n+  docker1: { address: 192.0.2.11 }',
    },
  },
  'missing-key': {
    severity: 'error',
    title: 'A key that is needed is missing',
    cause: 'The mapping means nothing without it.',
    mend: 'Write it.',
    example: { playbook: ' hosts: all\n steps:\n-  - ovs_bridge: {}\n+  - ovs_bridge: { name: br0 }' },
  },
  'wrong-type': {
    severity: 'error',
    title: 'A value has another type than is needed',
    cause:
      "A number isn't a text, a text isn't a list: meshbook guesses no types. What a template gives has the type of its variable.",
    mend: "Write the value in the type that the message names; `| int` and `| string` turn templates' values.",
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: 10 }\n+  - ovs_bridge: { name: "10" }',
    },
  },
  'invalid-value': {
    severity: 'error',
    title: 'A value is of the right type, but not one that can be',
    cause:
      "The message says what is expected. An interface's name, for example, has at most 15 characters in Linux, and none of them is white space, `/` or `:`.",
    mend: 'Write a value as the message asks for it.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: ovs_bridge_for_tunnels }\n+  - ovs_bridge: { name: ovs_bridge }',
    },
  },
  'too-many-hosts': {
    severity: 'error',
    title: 'An inventory names more hosts than meshbook works with',
    cause: 'A range is quickly mistyped, and millions of hosts would fill the memory.',
    mend: 'Mend the range, or split the inventory.',
  },
  'too-many-variables': {
    severity: 'error',
    title: 'The hosts of an inventory have more variables than meshbook works with',
    cause: 'A host has all variables of its groups, so a large group and a long list multiply.',
    mend: 'Say fewer variables, or split the inventory.',
  },
  'invalid-name': {
    severity: 'error',
    title: "A host or group has a name that can't be one",
    cause:
      'Names stand in patterns, in templates and on command lines; those of hosts may be looked up in DNS.',
    mend: "Use letters, digits, `_`, `-`, and `.` in hosts' names.",
    example: {
      inventory: ' hosts:\n-  docker 1: { address: 192.0.2.11 }\n+  docker1: { address: 192.0.2.11 }',
    },
  },
  'empty-inventory': {
    severity: 'error',
    title: 'The inventory has no hosts',
    cause:
      'There is nothing that a playbook could run on. Mostly the hosts stand under another key, or the file is another one.',
    mend: 'Write hosts under `hosts`, or under `groups: { NAME: { hosts: … } }`.',
    example: { inventory: '-groups: { docker_hosts: {} }\n+hosts: { docker1: { address: 192.0.2.11 } }' },
  },
  'ini-inventory': {
    severity: 'error',
    title: 'The inventory is an INI file',
    cause: 'Ansible also reads inventories in INI form. meshbook reads YAML only, in a form of its own.',
    mend: '`ansible-inventory --list --yaml` turns one into YAML; then move the keys as the hints say.',
    example: {
      inventory:
        '-[docker_hosts]\n-docker1 ansible_host=192.0.2.11\n+groups: { docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } } }',
    },
  },
  'dynamic-inventory': {
    severity: 'error',
    title: 'The inventory is a program',
    cause: 'meshbook runs no program to get an inventory.',
    mend: 'Run it yourself, and write what it prints into a YAML file.',
    example: { inventory: '-#!/bin/sh\n-echo "{}"\n+hosts: { docker1: { address: 192.0.2.11 } }' },
  },
  'duplicate-group': {
    severity: 'error',
    title: 'A group is written out twice',
    cause: 'A group may be a child of several others, but only one place can say what is in it.',
    mend: 'Keep one; elsewhere name it without a body.',
    example: {
      inventory:
        ' groups:\n   docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } }\n-  site: { children: { docker_hosts: { hosts: { docker2: } } } }\n+  site: { children: { docker_hosts: } }',
    },
  },
  'unknown-group': {
    severity: 'error',
    title: 'A child is no group of this inventory',
    cause: 'A name without a body refers to a group that is written out elsewhere; there is none.',
    mend: 'Mend the name, or write `NAME: {}` for an empty group.',
    example: {
      inventory:
        ' groups:\n   docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } }\n-  site: { children: [docker_host] }\n+  site: { children: [docker_hosts] }',
    },
  },
  'group-cycle': {
    severity: 'error',
    title: 'A group is its own child, by way of others',
    cause: "Then it can't be said whose variables win.",
    mend: 'Take one of the references out.',
    example: {
      inventory:
        ' groups:\n   east: { hosts: { docker1: { address: 192.0.2.11 } }, children: [site] }\n-  site: { children: [east] }\n+  site: {}',
    },
  },
  'ambiguous-name': {
    severity: 'warning',
    title: 'A host and a group have one name',
    cause: "A pattern with that name means the group, so the host alone can't be named.",
    mend: 'Rename one of them.',
    example: {
      inventory:
        ' groups:\n-  docker1: { hosts: { docker1: { address: 192.0.2.11 } } }\n+  docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } }',
    },
  },
  'conflicting-values': {
    severity: 'error',
    title: 'A host has two values for one thing',
    cause:
      "A host may stand in several groups, and say something in each, but not two things that can't both be.",
    mend: 'Keep one of them.',
    example: {
      inventory:
        ' groups:\n   east: { hosts: { docker1: { address: 192.0.2.11 } } }\n-  web: { hosts: { docker1: { address: 192.0.2.99 } } }\n+  web: { hosts: { docker1: } }',
    },
  },
  'duplicate-address': {
    severity: 'error',
    title: 'Two hosts have one address',
    cause:
      'Both names lead to the same machine, which would then be changed twice at once, or one of them is a slip of the pen.',
    mend: 'Give each host its own address. Hosts behind one address have different `ssh: { port: … }`.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11 }\n-  docker2: { address: 192.0.2.11 }\n+  docker2: { address: 192.0.2.12 }',
    },
  },
  'ignored-file': {
    severity: 'warning',
    title: 'A file or a folder that Ansible would read is not read',
    cause:
      'Ansible takes variables from `group_vars/` and `host_vars/` beside the inventory and the playbook, and settings from `ansible.cfg`. meshbook reads the files that it is given, and no others.',
    mend: 'Write variables under `vars` of the inventory, its groups and hosts, or give a file of them with `-e @FILE`. Settings are options, or stand under `ssh`.',
  },
  'foreign-variable': {
    severity: 'warning',
    title: 'A variable of the inventory is one that Ansible gives a meaning',
    cause:
      'Ansible takes from variables such as `ansible_user` how to reach a host. To meshbook they are variables like others, which templates may use and nothing else does.',
    mend: 'Write what the hint says, and take the variable out or give it another name.',
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: 192.0.2.11, vars: { ansible_user: root } }\n+  docker1: { address: 192.0.2.11, ssh: { user: root } }',
    },
  },
  'no-inventory': {
    severity: 'error',
    title: 'No inventory was given',
    cause: 'meshbook looks for no inventory by itself.',
    mend: 'Use `-i FILE`, or set `MESHBOOK_INVENTORY`.',
    example: { command: '-meshbook validate playbook.yml\n+meshbook validate -i inventory.yml playbook.yml' },
  },
  'leases-damaged': {
    severity: 'error',
    title: "The leases beside the inventory can't be read",
    cause:
      '`INVENTORY.leases.json` says which address each host has. Going on without it could renumber hosts that are in use. It is also called damaged where two hosts have one address in it, as after a merge that kept both sides.',
    mend: 'Restore it, from version control for example. Of two hosts with one address, take away the lease of the one that was not applied yet.',
    example: {
      files: {
        'inventory.leases.json': '-{ "version": 1, "overlays":\n+{ "version": 1, "overlays": {} }',
      },
    },
  },
  'leases-version': {
    severity: 'error',
    title: 'The leases were written by another version of meshbook',
    cause: "The file's format has changed since, and what it says could be misread.",
    mend: 'Use the meshbook that wrote it, or a newer one.',
    example: {
      files: {
        'inventory.leases.json': '-{ "version": 99, "overlays": {} }\n+{ "version": 1, "overlays": {} }',
      },
    },
  },
});
