import { codes } from './code-entry.ts';

const vault = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '30313233343536373839616263646566303132333435363738396162636465660a3031323334353637',
];

/** What is wrong with secrets, or keeps them from being had. */
export const secretCodes = codes({
  'vault-no-password': {
    severity: 'error',
    title: 'A value or a file is encrypted, and no password was given',
    cause: 'What `ansible-vault` has encrypted is opened when it is needed, with a password that you name.',
    mend: 'Give `--vault-password-file FILE`, `--vault-id LABEL@FILE` or `--ask-vault-pass`, or set `ANSIBLE_VAULT_PASSWORD_FILE`.',
    example: {
      playbook: [
        ' hosts: all',
        ' vars:',
        '-  token: !vault |',
        ...vault.map((line) => `-    ${line}`),
        '+  token: !env USER_OF_EXAMPLE',
        ' steps:',
        '-  - command: { always: true, run: "send {{ token }}" }',
        '+  - command: { always: true, run: "send nothing" }',
      ].join('\n'),
    },
  },
  'secret-readable': {
    severity: 'warning',
    title: 'A secret is written where every user of the host can read it',
    cause:
      'A file that is there keeps its mode unless the step says one. With a secret in it, a mode such as 0644 gives the secret to every user and every program of the host.',
    mend: 'Say `mode`: `0600`, or what is meant.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - file: { path: /etc/agent/key, content: x, secret: true }\n+  - file: { path: /etc/agent/key, content: x, secret: true, mode: "0600" }',
      facts:
        ' all: { "file_hash:/etc/agent/key": { kind: opaque, sha256: "00", mode: "0644", owner: root, group: root } }',
    },
  },
  'vault-wrong-password': {
    severity: 'error',
    title: 'No password that was given opens what is encrypted',
    cause: 'All passwords were tried, the one with the label of the vault first.',
    mend: 'Give the password that it was encrypted with. `--vault-id LABEL@FILE` may be repeated.',
  },
  'vault-damaged': {
    severity: 'error',
    title: "What looks like a vault can't be read",
    cause:
      "It is damaged or cut off, or of a version that meshbook doesn't know: it reads 1.1 and 1.2 with AES256.",
    mend: 'Encrypt the value again.',
  },
  'vault-password-unreadable': {
    severity: 'error',
    title: "A password for vaults can't be had",
    cause: "The file that was named can't be read or is empty, or the program that it is has failed.",
    mend: 'Name a file with the password in it, or a program that prints it and ends with status 0.',
  },
  'secret-unavailable': {
    severity: 'error',
    title: "A secret can't be had from where it is said to be",
    cause: '`!env` names a variable that is not set, or `!file` a file that cannot be read.',
    mend: 'Set the variable, or mend the path; it is relative to the file that names it.',
    example: {
      playbook:
        ' hosts: all\n-vars: { token: !file token.missing }\n+vars: { token: !file token.txt }\n steps:\n   - file: { path: /etc/token, content: "{{ token }}", mode: "0600" }',
      files: { 'token.txt': ' correct-horse-battery' },
    },
  },
  'secret-unknown': {
    severity: 'warning',
    title: '`secret` names a variable that is nowhere defined',
    cause: 'It may be misspelt, and the variable that was meant is then shown in plans and logs.',
    mend: 'Mend the name, or take it out.',
    example: {
      playbook:
        ' hosts: all\n-secret: [tokn]\n+secret: [token]\n vars: { token: correct-horse-battery }\n steps:\n   - file: { path: /etc/token, content: "{{ token }}", mode: "0600" }',
    },
  },
  'secret-too-short': {
    severity: 'warning',
    title: 'A secret is too short to be masked',
    cause:
      'Secrets are found in what is printed by their text. Fewer than 4 bytes, numbers of fewer than 6 digits, and words such as `true` stand everywhere, and are shown.',
    mend: "Take a longer value. A `file` step's content isn't shown whatever it is.",
    example: {
      playbook:
        ' hosts: all\n secret: [token]\n-vars: { token: abc }\n+vars: { token: correct-horse-battery }\n steps:\n   - file: { path: /etc/token, content: "{{ token }}", mode: "0600" }',
    },
  },
  'secret-in-argv': {
    severity: 'warning',
    title: 'A secret is among the arguments of a program',
    cause: 'Every user of the host can read the arguments of every program for as long as it runs.',
    mend: 'Write `run` instead of `argv`, and hand the secret over by standard input, by a file or by the environment.',
    example: {
      playbook:
        ' hosts: all\n secret: [token]\n vars: { token: correct-horse-battery }\n steps:\n-  - command: { always: true, argv: [login, "{{ token }}"] }\n+  - command: { always: true, run: "printf %s \'{{ token }}\' | login" }',
    },
  },
});
