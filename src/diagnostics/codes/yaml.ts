import { codes } from './code-entry.ts';

/** What is wrong with a file, or with its YAML. */
export const yamlCodes = codes({
  'file-not-found': {
    severity: 'error',
    title: 'There is no such file',
    cause: 'A file that the command line or a step names does not exist.',
    mend: 'Mend the path. Paths in a playbook are relative to the playbook.',
    example: {
      command:
        '-meshbook validate -i inventry.yml playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-unreadable': {
    severity: 'error',
    title: "A file can't be read",
    cause: 'The file exists, but the system does not let meshbook read it; the message says why.',
    mend: 'Give yourself the right to read it.',
    example: {
      command:
        '-meshbook validate -i /proc/self/mem playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-is-directory': {
    severity: 'error',
    title: 'A directory stands where a file is needed',
    cause: 'meshbook reads inventories and playbooks from single files, not from directories.',
    mend: 'Name the file.',
    example: {
      command: '-meshbook validate -i . playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-not-regular': {
    severity: 'error',
    title: 'A pipe, a socket or a device stands where a file is needed',
    cause:
      'Reading it could take for ever, or do something. What the shell opens for a command, as in `-i <(command)`, is read all the same.',
    mend: 'Name a file.',
    example: {
      command:
        '-meshbook validate -i /dev/zero playbook.yml\n+meshbook validate -i inventory.yml playbook.yml',
    },
  },
  'file-outside-project': {
    severity: 'error',
    title: 'A file names a file outside of its project',
    cause:
      'The contents of files that a playbook names show in plans, and the playbook may come from a stranger. So it can name only files in its project (the nearest folder upwards with a `meshbook.yml` or a `.git`, else its own folder), links followed, and none in `.git`.',
    mend: 'Put the file into the project, or allow its folder: `--allow-files FOLDER`.',
    example: {
      files: { 'motd.txt': ' Hello' },
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/motd, source: /etc/motd }\n+  - file: { path: /etc/motd, source: motd.txt }',
    },
  },
  'file-not-text': {
    severity: 'error',
    title: 'A file is not text in UTF-8',
    cause:
      'YAML is text. A file with NUL bytes, in UTF-16 or in another encoding is refused as a whole, since a part of it could be misread.',
    mend: 'Save the file in UTF-8.',
    example: {
      files: { 'odd.yml': '-\u0000\n+hosts: { docker1: { address: 192.0.2.11 } }' },
      command: ' meshbook validate -i odd.yml playbook.yml',
    },
  },
  'file-too-large': {
    severity: 'error',
    title: 'A file is larger than any inventory or playbook',
    cause: 'What is that large is nearly always the wrong file, and reading it would take all memory.',
    mend: "Name the right file. Long contents for hosts belong into files that a step's `source` names.",
  },
  'yaml-syntax': {
    severity: 'error',
    title: 'The file is not YAML',
    cause:
      "A quote, a bracket or a colon is missing or stands where it can't, or a line is indented wrongly.",
    mend: 'Mend the line that is named, or the one before it. A value that contains `: ` or begins with `{`, `[`, `*`, `&`, `%` or `@` needs quotes.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: br0\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-tab': {
    severity: 'error',
    title: 'A tab indents a line',
    cause: "YAML allows only spaces there, since editors don't agree how wide a tab is.",
    mend: 'Indent with spaces.',
    example: {
      playbook: ' hosts: all\n steps:\n-\t- ovs_bridge: { name: br0 }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-alias': {
    severity: 'error',
    title: 'An alias means nothing that stands before it',
    cause:
      '`*name` repeats what `&name` has marked earlier in the same file. An alias without its anchor, inside of it, or one of very many is refused.',
    mend: 'Write the anchor first, or put what is shared into `vars`.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: *bridge }\n+  - ovs_bridge: { name: bridge }',
    },
  },
  'yaml-directive': {
    severity: 'error',
    title: 'A `%` line at the beginning is not a directive of YAML',
    cause:
      'Lines that begin with `%` before the first `---` are instructions to the reader; only `%YAML` and `%TAG` are known.',
    mend: 'Take the line out.',
    example: { playbook: '-%MESHBOOK 1\n ---\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }' },
  },
  'yaml-tag': {
    severity: 'error',
    title: 'A value has a YAML tag',
    cause: 'Tags such as `!vault` or `!!python/name` mean something to one program only. meshbook has none.',
    mend: 'Write plain strings, numbers, lists and mappings. `!` at the beginning of a text needs quotes.',
    example: {
      playbook: ' hosts: all\n steps:\n-  - ovs_bridge: { name: !br br0 }\n+  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-merge-key': {
    severity: 'error',
    title: 'A merge key (`<<`) is used',
    cause: 'Merge keys are no part of YAML 1.2, and hide from a reader what a mapping holds.',
    mend: 'Put what is shared into the `vars` of a group.',
    example: {
      inventory:
        ' hosts:\n   docker1: { address: 192.0.2.11 }\n-  docker2: { <<: { become: true }, address: 192.0.2.12 }\n+  docker2: { become: true, address: 192.0.2.12 }',
    },
  },
  'yaml-depth': {
    severity: 'error',
    title: 'Values are nested too deeply',
    cause: 'Nobody writes such a file by hand; reading it would take the process down.',
    mend: 'Make the file flatter.',
    example: { playbook: `-${'['.repeat(101)}\n+hosts: all\n+steps: [{ ovs_bridge: { name: br0 } }]` },
  },
  'yaml-boolean': {
    severity: 'warning',
    title: 'A word that other readers of YAML take for a boolean',
    cause:
      '`yes`, `no`, `on` and `off` without quotes were booleans in YAML 1.1, and are texts in YAML 1.2, which meshbook reads.',
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
      '`0644` was the octal number in YAML 1.1 and is the decimal 644 in YAML 1.2. A file mode read in the wrong way opens the file to others.',
    mend: "Put it into quotes if the digits are meant, as for a file's `mode`.",
    example: {
      playbook:
        '-vars: { mode: 0644 }\n+vars: { mode: "0644" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-precision': {
    severity: 'warning',
    title: 'A number too large to be kept exactly',
    cause: 'Numbers beyond 9007199254740991 lose digits when they are read.',
    mend: 'Put it into quotes.',
    example: {
      playbook:
        '-vars: { serial: 12345678901234567890 }\n+vars: { serial: "12345678901234567890" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'yaml-number': {
    severity: 'warning',
    title: 'A number is written in a way that a text of it would not keep',
    cause:
      "Without quotes `3.10`, `1e3` and `0x1f` are numbers. In a template's text, in a name or in a version, 3.1, 1000 and 31 would stand for them.",
    mend: 'Put it into quotes if its signs are meant, else write the number plainly.',
    example: {
      playbook:
        '-vars: { release: 3.10 }\n+vars: { release: "3.10" }\n hosts: all\n steps:\n  - ovs_bridge: { name: br0 }',
    },
  },
  'multiple-documents': {
    severity: 'error',
    title: 'A file holds more than one YAML document',
    cause: '`---` on a line of its own begins another document. meshbook would have to ignore one of them.',
    mend: 'Take the `---` out, or put the second document into a file of its own.',
    example: { playbook: ' hosts: all\n steps:\n   - ovs_bridge: { name: br0 }\n----\n-hosts: all' },
  },
  'duplicate-key': {
    severity: 'error',
    title: 'A key stands twice in one mapping',
    cause: 'Only one of the two values could count, and which one depends on the reader.',
    mend: 'Take one of them out.',
    example: { playbook: ' hosts: all\n-hosts: docker1\n steps:\n   - ovs_bridge: { name: br0 }' },
  },
  'non-string-key': {
    severity: 'error',
    title: 'A key is not a text',
    cause:
      'Keys are names. A number, `true` or `null` as a key is mostly a value in the wrong place; a mapping as a key is mostly a template without quotes.',
    mend: 'Put the key, or the template, into quotes.',
    example: {
      playbook:
        ' hosts: all\n-vars: { 10: ten }\n+vars: { ten: 10 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
  'invalid-key': {
    severity: 'error',
    title: 'The key `__proto__` is not allowed',
    cause: 'It has a meaning of its own to the language that meshbook is written in.',
    mend: 'Choose another name.',
    example: {
      playbook:
        ' hosts: all\n-vars: { __proto__: 1 }\n+vars: { proto: 1 }\n steps:\n   - ovs_bridge: { name: br0 }',
    },
  },
});
