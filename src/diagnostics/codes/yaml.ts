import { codes } from './code-entry.ts';

/** Errors in a file, or in its YAML. */
export const yamlCodes = codes({
  'file-not-found': {
    severity: 'error',
    title: 'There is no such file',
    cause: 'A file that the command line or a step names does not exist.',
    mend: 'Correct the path. Paths in a playbook are relative to the playbook.',
    example: {
      command:
        '-meshbook validate -i inventry.yml playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-unreadable': {
    severity: 'error',
    title: "A file can't be read",
    cause: 'The file exists, but meshbook may not read it; the message says why.',
    mend: 'Give yourself permission to read it.',
    example: {
      command:
        '-meshbook validate -i /proc/self/mem playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-is-directory': {
    severity: 'error',
    title: 'A directory was given instead of a file',
    cause: 'meshbook reads inventories and playbooks from single files, not from directories.',
    mend: 'Name the file.',
    example: {
      command: '-meshbook validate -i . playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-not-regular': {
    severity: 'error',
    title: 'A pipe, a socket or a device was given instead of a file',
    cause:
      'Reading it might never end, or might have side effects. What the shell opens for a command, as in `-i <(command)`, is allowed.',
    mend: 'Name a file.',
    example: {
      command:
        '-meshbook validate -i /dev/zero playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-outside-project': {
    severity: 'error',
    title: 'A file names a file outside its project',
    cause:
      'Plans show the contents of files that a playbook names, and the playbook may come from a stranger. So it can name only files in its project (the nearest parent folder with a `meshbook.yml` or a `.git`, otherwise its own folder), after following links, and none in `.git`.',
    mend: 'Put the file into the project, or allow its folder: `--allow-files FOLDER`.',
    example: {
      files: { 'motd.txt': ' Hello' },
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/motd, source: /etc/motd }\n+  - file: { path: /etc/motd, source: motd.txt }',
    },
  },
  'file-not-text': {
    severity: 'error',
    title: 'A file is not UTF-8 text',
    cause:
      'YAML is text. A file with NUL bytes, in UTF-16 or in another encoding is refused as a whole, because parts of it could be misread.',
    mend: 'Save the file in UTF-8.',
    example: {
      files: { 'odd.yml': '-\u0000\n+hosts: { docker1: { address: 192.0.2.11 } }' },
      command: ' meshbook validate -i odd.yml playbook.yml',
    },
  },
  'file-too-large': {
    severity: 'error',
    title: 'A file is too large for an inventory or a playbook',
    cause: 'A file of this size is nearly always the wrong one, and reading it would take all memory.',
    mend: "Name the right file. Put long contents for hosts into files that a step's `source` names.",
  },
  'more-mistakes': {
    severity: 'error',
    title: 'There are more errors than are reported',
    cause:
      'At most a hundred errors of one file, or of one value in it, are reported. If there are more, usually one error in the program that wrote the file causes them all, or it is the wrong file.',
    mend: 'Fix the reported ones first.',
  },
  'yaml-syntax': {
    severity: 'error',
    title: 'The file is not YAML',
    cause: 'A quote, a bracket or a colon is missing or misplaced, or a line is indented wrongly.',
    mend: 'Fix the named line, or the one before it. A value that contains `: ` or begins with `{`, `[`, `*`, `&`, `%` or `@` needs quotes.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: br0\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-tab': {
    severity: 'error',
    title: 'A line is indented with a tab',
    cause: 'YAML allows only spaces for indentation, because editors show tabs with different widths.',
    mend: 'Indent with spaces.',
    example: {
      playbook: ' hosts: all\n steps:\n-\t- ovs_bridge: { name: br0 }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-alias': {
    severity: 'error',
    title: 'An alias has no anchor before it',
    cause:
      '`*name` repeats what `&name` marks earlier in the same file. An alias without an anchor, an alias inside its own anchor, and very many aliases are refused.',
    mend: 'Write the anchor first, or put shared values into `vars`.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: *bridge }\n+  - ovs_bridge: { name: bridge }',
    },
  },
  'yaml-directive': {
    severity: 'error',
    title: 'A `%` line at the beginning is not a YAML directive',
    cause:
      'Lines that begin with `%` before the first `---` are directives; only `%YAML` and `%TAG` are known.',
    mend: 'Remove the line.',
    example: { playbook: '-%MESHBOOK 1\n ---\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }' },
  },
  'yaml-tag': {
    severity: 'error',
    title: 'A value has a YAML tag',
    cause:
      'Tags such as `!vault` or `!!python/name` have a meaning to one program only. meshbook knows only `!vault`, `!env` and `!file`.',
    mend: 'Write plain strings, numbers, lists and mappings. `!` at the beginning of a text needs quotes.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: !br br0 }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-merge-key': {
    severity: 'error',
    title: 'A merge key (`<<`) is used',
    cause: 'Merge keys are not part of YAML 1.2, and hide from a reader what a mapping contains.',
    mend: 'Put shared values into the `vars` of a group.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11 }\n-  docker2: { <<: { become: true }, address: 192.0.2.12 }\n+  docker2: { become: true, address: 192.0.2.12 }',
    },
  },
  'yaml-depth': {
    severity: 'error',
    title: 'Values are nested too deeply',
    cause: 'Nobody writes such a file by hand, and reading it would crash the process.',
    mend: 'Use fewer levels.',
    example: { playbook: `-${'['.repeat(101)}\n+hosts: all\n+steps: [{ ovs_bridge: { name: br0 } }]` },
  },
  'yaml-boolean': {
    severity: 'warning',
    title: 'A word that other YAML readers take for a boolean',
    cause:
      'Without quotes, `yes`, `no`, `on` and `off` were booleans in YAML 1.1. In YAML 1.2, which meshbook reads, they are texts.',
    mend: 'Write `true` or `false`, or put the word into quotes.',
    example: {
      playbook:
        '-vars: { greeting: yes }\n+vars: { greeting: "yes" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-octal': {
    severity: 'warning',
    title: 'A number with a leading zero',
    cause:
      '`0644` was an octal number in YAML 1.1 and is the decimal number 644 in YAML 1.2. A file mode that is misread opens the file to others.',
    mend: "Put it into quotes if you mean the digits, as for a file's `mode`.",
    example: {
      playbook:
        '-vars: { mode: 0644 }\n+vars: { mode: "0644" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-precision': {
    severity: 'warning',
    title: 'A number is too large to be stored exactly',
    cause: 'Numbers beyond 9007199254740991 lose digits when they are read.',
    mend: 'Put it into quotes.',
    example: {
      playbook:
        '-vars: { serial: 12345678901234567890 }\n+vars: { serial: "12345678901234567890" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-number': {
    severity: 'warning',
    title: 'A number whose text would look different',
    cause:
      'Without quotes, `3.10`, `1e3` and `0x1f` are numbers. In a text, a name or a version they would become 3.1, 1000 and 31.',
    mend: 'Put it into quotes if you mean the characters; otherwise write the plain number.',
    example: {
      playbook:
        '-vars: { release: 3.10 }\n+vars: { release: "3.10" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'multiple-documents': {
    severity: 'error',
    title: 'A file contains more than one YAML document',
    cause: '`---` on its own line begins another document, and meshbook reads only one.',
    mend: 'Remove the `---`, or put the second document into its own file.',
    example: { playbook: ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }\n----\n-hosts: all' },
  },
  'duplicate-key': {
    severity: 'error',
    title: 'A mapping has the same key twice',
    cause: 'Only one of the two values can apply, and which one depends on the reader.',
    mend: 'Remove one of them.',
    example: { playbook: ' hosts: all\n-hosts: docker1\n steps:\n   - ovs_bridge: { name: br0 }' },
  },
  'non-string-key': {
    severity: 'error',
    title: 'A key is not a text',
    cause:
      'Keys are names. A number, `true` or `null` as a key is usually a value in the wrong place; a mapping as a key is usually a template without quotes.',
    mend: 'Put the key, or the template, into quotes.',
    example: {
      playbook:
        ' hosts: all\n-vars: { 10: ten }\n+vars: { ten: 10 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'invalid-key': {
    severity: 'error',
    title: 'The key `__proto__` is not allowed',
    cause: 'It has a special meaning in JavaScript.',
    mend: 'Choose another name.',
    example: {
      playbook:
        ' hosts: all\n-vars: { __proto__: 1 }\n+vars: { proto: 1 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
});
