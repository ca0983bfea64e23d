import { codes } from './code-entry.ts';

/** Errors in a playbook, for all kinds of steps. */
export const playbookCodes = codes({
  'no-kind': {
    severity: 'error',
    title: 'A step or a check has no kind',
    cause: 'A step has exactly one kind as a key, besides general keys such as `name` and `when`.',
    mend: 'Write the kind: `meshbook kinds` lists them.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - name: The bridge\n+  - { name: The bridge, ovs_bridge: { name: br0 } }',
    },
  },
  'two-kinds': {
    severity: 'error',
    title: 'A step or a check has two kinds',
    cause: 'A step does one thing. Usually a `-` is missing before the second.',
    mend: 'Make two steps.',
    example: {
      playbook:
        ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }\n-    linux_bridge: { name: br1 }\n+  - linux_bridge: { name: br1 }',
    },
  },
  'unknown-kind': {
    severity: 'error',
    title: 'There is no such kind of step',
    cause: 'The kinds of steps are a closed set.',
    mend: '`meshbook kinds` lists them. Use a `command` step for what no kind can do.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_brige: { name: br0 }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'unknown-pattern': {
    severity: 'error',
    title: 'A pattern matches no host or group',
    cause: 'A name in `hosts` or in `--limit` is not in the inventory.',
    mend: 'Correct the name. `all` means every host.',
    example: { playbook: '-hosts: docker_hosts\n+hosts: all\n steps:\n   - ovs_bridge: { name: br0 }' },
  },
  'invalid-pattern': {
    severity: 'error',
    title: "A host pattern can't be read",
    cause:
      'Patterns are names, globs, ranges (`docker[1:3]`), and `~` with a regular expression, joined by `:` or `,`; `!` excludes and `&` intersects.',
    mend: 'Correct the pattern; the message says where the error is.',
    example: { playbook: '-hosts: all:!\n+hosts: all:!docker1\n steps:\n   - ovs_bridge: { name: br0 }' },
  },
  'no-hosts': {
    severity: 'error',
    title: 'The playbook runs on no host',
    cause: 'The patterns of `hosts` and `--limit` together select none.',
    mend: 'Correct one of them.',
    example: {
      playbook: '-hosts: docker1:!docker1\n+hosts: docker1\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'unknown-tag': {
    severity: 'error',
    title: 'No step has this tag',
    cause:
      "`--tags` or `--skip-tags` names a tag that the playbook doesn't have; without this error, a typo would silently do nothing.",
    mend: 'Correct the name; the hint lists the tags.',
    example: {
      playbook: ' hosts: all\n steps:\n   - { tags: bridges, ovs_bridge: { name: br0 } }',
      command:
        '-meshbook validate -i inventory.yml playbook.yml --tags bridge\n+meshbook validate -i inventory.yml playbook.yml --tags bridges',
    },
  },
  'invalid-extra-vars': {
    severity: 'error',
    title: "A value of `-e` can't be read",
    cause: '`-e` takes `KEY=VALUE`, a mapping as JSON or YAML, or `@FILE`.',
    mend: 'Write one of these.',
    example: {
      command:
        '-meshbook validate -i inventory.yml playbook.yml -e datapath\n+meshbook validate -i inventory.yml playbook.yml -e datapath=netdev',
    },
  },
  'no-checks': {
    severity: 'error',
    title: 'The playbook has no checks',
    cause: '`meshbook check` runs the checks of a playbook, and this one has none.',
    mend: 'Add them under `checks`.',
    example: {
      command: ' meshbook check -i inventory.yml playbook.yml',
      playbook: '-hosts: all\n-steps:\n-  - ovs_bridge: { name: br0 }',
    },
  },
  'unknown-code': {
    severity: 'error',
    title: 'There is no such code',
    cause: "`meshbook explain` was given a code that doesn't exist.",
    mend: '`meshbook explain` without a code lists them.',
    example: { command: '-meshbook explain yaml-tabs\n+meshbook explain yaml-tab' },
  },
  'which-run': {
    severity: 'error',
    title: 'No run was named',
    cause: '`meshbook undo` undoes what you name, and guesses nothing.',
    mend: 'Name the run, or give `--last`, or `--to` with the run to go back to. `meshbook runs` lists them.',
    example: { command: '-meshbook undo' },
  },
});
