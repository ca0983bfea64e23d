import { codes } from './code-entry.ts';

/** Errors in an inventory, or in a value that a schema describes. */
export const inventoryCodes = codes({
  'unknown-key': {
    severity: 'error',
    title: 'A key is not known here',
    cause:
      'Every mapping except `vars` has a closed set of keys, so a typo is an error and is not silently ignored.',
    mend: "Correct the spelling; your own variables belong under `vars`. If the key is from another tool, the hint names meshbook's key.",
    example: {
      inventory: ' hosts:\n-  docker1: { adress: 192.0.2.11 }\n+  docker1: { address: 192.0.2.11 }',
    },
  },
  'missing-key': {
    severity: 'error',
    title: 'A required key is missing',
    cause: 'The mapping is incomplete without it.',
    mend: 'Add it.',
    example: { playbook: ' hosts: all\n steps:\n-  - ovs_bridge: {}\n+  - ovs_bridge: { name: br0 }' },
  },
  'wrong-type': {
    severity: 'error',
    title: 'A value has the wrong type',
    cause:
      "meshbook doesn't convert types: a number isn't a text, a text isn't a list. A template's value has the type of its variable.",
    mend: 'Write the value in the type that the message names; `| int` and `| string` convert values in templates.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: 10 }\n+  - ovs_bridge: { name: "10" }',
    },
  },
  'invalid-value': {
    severity: 'error',
    title: 'A value has the right type but is not allowed',
    cause:
      'The message says what is expected. For example, an interface name has at most 15 characters in Linux, and no white space, `/` or `:`.',
    mend: 'Write a value that the message allows.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: ovs_bridge_for_tunnels }\n+  - ovs_bridge: { name: ovs_bridge }',
    },
  },
  'too-many-hosts': {
    severity: 'error',
    title: 'An inventory has more hosts than meshbook supports',
    cause: 'A range is easily mistyped, and millions of hosts would fill the memory.',
    mend: 'Correct the range, or split the inventory.',
  },
  'too-many-variables': {
    severity: 'error',
    title: 'The hosts of an inventory have more variables than meshbook supports',
    cause: 'A host has all variables of its groups, so a large group and a long list multiply.',
    mend: 'Define fewer variables, or split the inventory.',
  },
  'invalid-name': {
    severity: 'error',
    title: 'A host or group name is not allowed',
    cause:
      'Names are used in patterns, in templates and on command lines; host names may be looked up in DNS.',
    mend: 'Use letters, digits, `_` and `-`; host names may also contain `.`.',
    example: {
      inventory: ' hosts:\n-  docker 1: { address: 192.0.2.11 }\n+  docker1: { address: 192.0.2.11 }',
    },
  },
  'empty-inventory': {
    severity: 'error',
    title: 'The inventory has no hosts',
    cause:
      'A playbook would have nothing to run on. Usually the hosts are under another key, or it is the wrong file.',
    mend: 'Write hosts under `hosts`, or under `groups: { NAME: { hosts: … } }`.',
    example: { inventory: '-groups: { docker_hosts: {} }\n+hosts: { docker1: { address: 192.0.2.11 } }' },
  },
  'ini-inventory': {
    severity: 'error',
    title: 'The inventory is an INI file',
    cause: 'Ansible also reads inventories in INI format. meshbook reads only YAML, in its own format.',
    mend: '`ansible-inventory --list --yaml` converts one to YAML; then rename the keys as the hints say.',
    example: {
      inventory:
        '-[docker_hosts]\n-docker1 ansible_host=192.0.2.11\n+groups: { docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } } }',
    },
  },
  'dynamic-inventory': {
    severity: 'error',
    title: 'The inventory is a program',
    cause: 'meshbook runs no program to get an inventory.',
    mend: 'Run it yourself, and save its output as a YAML file.',
    example: { inventory: '-#!/bin/sh\n-echo "{}"\n+hosts: { docker1: { address: 192.0.2.11 } }' },
  },
  'duplicate-group': {
    severity: 'error',
    title: 'A group is defined twice',
    cause: 'A group may be a child of several others, but only one place can define its contents.',
    mend: 'Keep one definition; elsewhere write only the name.',
    example: {
      inventory:
        ' groups:\n   docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } }\n-  site: { children: { docker_hosts: { hosts: { docker2: } } } }\n+  site: { children: { docker_hosts: } }',
    },
  },
  'unknown-group': {
    severity: 'error',
    title: 'A child is not a group of this inventory',
    cause: 'A name without a definition refers to a group defined elsewhere, but there is none.',
    mend: 'Correct the name, or write `NAME: {}` for an empty group.',
    example: {
      inventory:
        ' groups:\n   docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } }\n-  site: { children: [docker_host] }\n+  site: { children: [docker_hosts] }',
    },
  },
  'group-cycle': {
    severity: 'error',
    title: 'A group contains itself, through other groups',
    cause: 'It would be undefined whose variables win.',
    mend: 'Remove one of the references.',
    example: {
      inventory:
        ' groups:\n   east: { hosts: { docker1: { address: 192.0.2.11 } }, children: [site] }\n-  site: { children: [east] }\n+  site: {}',
    },
  },
  'ambiguous-name': {
    severity: 'warning',
    title: 'A host and a group have the same name',
    cause: "A pattern with that name means the group, so the host alone can't be selected.",
    mend: 'Rename one of them.',
    example: {
      inventory:
        ' groups:\n-  docker1: { hosts: { docker1: { address: 192.0.2.11 } } }\n+  docker_hosts: { hosts: { docker1: { address: 192.0.2.11 } } }',
    },
  },
  'conflicting-values': {
    severity: 'error',
    title: 'A host has two values for the same setting',
    cause:
      'A host may be in several groups and have settings in each, but they must not contradict each other.',
    mend: 'Keep one of them.',
    example: {
      inventory:
        ' groups:\n   east: { hosts: { docker1: { address: 192.0.2.11 } } }\n-  web: { hosts: { docker1: { address: 192.0.2.99 } } }\n+  web: { hosts: { docker1: } }',
    },
  },
  'duplicate-address': {
    severity: 'error',
    title: 'Two hosts have the same address',
    cause:
      'Both names lead to the same machine, which would be changed twice at once, or one of them is a typo.',
    mend: 'Give each host its own address. Hosts behind one address need different `ssh: { port: … }`.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11 }\n-  docker2: { address: 192.0.2.11 }\n+  docker2: { address: 192.0.2.12 }',
    },
  },
  'ignored-file': {
    severity: 'warning',
    title: 'A file or a folder that Ansible would read is not read',
    cause:
      'Ansible reads variables from `group_vars/` and `host_vars/` beside the inventory and the playbook, and settings from `ansible.cfg`. meshbook reads only the files that you name.',
    mend: 'Put variables under `vars` of the inventory, its groups and hosts, or in a file given with `-e @FILE`. Use options or `ssh` for settings.',
  },
  'foreign-variable': {
    severity: 'warning',
    title: 'A variable of the inventory has a special meaning in Ansible',
    cause:
      'Ansible connects by variables such as `ansible_user`. In meshbook they are ordinary variables, used only by templates.',
    mend: 'Follow the hint, and remove or rename the variable.',
    example: {
      inventory:
        ' hosts:\n-  docker1: { address: 192.0.2.11, vars: { ansible_user: root } }\n+  docker1: { address: 192.0.2.11, ssh: { user: root } }',
    },
  },
  'no-inventory': {
    severity: 'error',
    title: 'No inventory was given',
    cause: "meshbook doesn't search for an inventory.",
    mend: 'Use `-i FILE`, or set `MESHBOOK_INVENTORY`.',
    example: { command: '-meshbook validate playbook.yml\n+meshbook validate -i inventory.yml playbook.yml' },
  },
  'leases-damaged': {
    severity: 'error',
    title: "The leases beside the inventory can't be read",
    cause:
      '`INVENTORY.leases.json` says which address each host has. Continuing without it could renumber hosts in use. The file also counts as damaged if two hosts have the same address, as after a merge that kept both sides.',
    mend: 'Restore it, for example from version control. If two hosts have the same address, remove the lease of the one that was not applied yet.',
    example: {
      files: {
        'inventory.leases.json': '-{ "version": 1, "overlays":\n+{ "version": 1, "overlays": {} }',
      },
    },
  },
  'leases-version': {
    severity: 'error',
    title: 'The leases were written by another version of meshbook',
    cause: "The file's format has changed, and it could be misread.",
    mend: 'Use the meshbook that wrote it, or a newer one.',
    example: {
      files: {
        'inventory.leases.json': '-{ "version": 99, "overlays": {} }\n+{ "version": 1, "overlays": {} }',
      },
    },
  },
});
