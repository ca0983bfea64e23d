import { codes } from './code-entry.ts';

const vault = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '30313233343536373839616263646566303132333435363738396162636465660a3031323334353637',
];

/** Errors in secrets, and reasons why they are unavailable. */
export const secretCodes = codes({
  'vault-no-password': {
    severity: 'error',
    title: 'A value or a file is encrypted, and no password was given',
    cause:
      'Values that `ansible-vault` has encrypted are decrypted when they are needed, with a password that you name.',
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
    title: 'None of the given passwords decrypts a value or a file',
    cause: "All passwords were tried, the one with the vault's label first.",
    mend: 'Give the password that was used to encrypt it. `--vault-id LABEL@FILE` may be repeated.',
  },
  'vault-damaged': {
    severity: 'error',
    title: "An encrypted value or file can't be read",
    cause: 'It is damaged, truncated, or of an unknown version: meshbook reads 1.1 and 1.2 with AES256.',
    mend: 'Encrypt the value again.',
  },
  'vault-password-unreadable': {
    severity: 'error',
    title: "A vault password can't be read",
    cause: "The named file can't be read or is empty, or it is a program that failed.",
    mend: 'Name a file that contains the password, or a program that prints it and exits with 0.',
  },
  'secret-unavailable': {
    severity: 'error',
    title: "A secret can't be read from its source",
    cause: '`!env` names a variable that is not set, or `!file` a file that cannot be read.',
    mend: 'Set the variable, or correct the path; it is relative to the file that names it.',
    example: {
      playbook:
        ' hosts: all\n-vars: { token: !file token.missing }\n+vars: { token: !file token.txt }\n steps:\n   - file: { path: /etc/token, content: "{{ token }}", mode: "0600" }',
      files: { 'token.txt': ' correct-horse-battery' },
    },
  },
  'secret-unknown': {
    severity: 'warning',
    title: '`secret` names a variable that is not defined anywhere',
    cause: 'It may be misspelt; the intended variable is then shown in plans and logs.',
    mend: 'Correct the name, or remove it.',
    example: {
      playbook:
        ' hosts: all\n-secret: [tokn]\n+secret: [token]\n vars: { token: correct-horse-battery }\n steps:\n   - file: { path: /etc/token, content: "{{ token }}", mode: "0600" }',
    },
  },
  'too-many-secrets': {
    severity: 'error',
    title: 'Secrets are too many, or too long, to be masked',
    cause:
      'A secret is looked for in all that is printed, in every form that it may show in. Those forms have 16 million characters at the most together: enough for some 40,000 passwords, or 2 MB in one text.',
    mend: 'Mark as secret only what is one, and not the whole of a long text.',
  },
  'secret-too-short': {
    severity: 'warning',
    title: 'A secret is too short to be masked',
    cause:
      'Secrets are found in output by their text. Secrets of fewer than 4 bytes, numbers of fewer than 6 digits, and words such as `true` appear everywhere, and are not masked.',
    mend: "Use a longer value. A `file` step's content is hidden in any case.",
    example: {
      playbook:
        ' hosts: all\n secret: [token]\n-vars: { token: abc }\n+vars: { token: correct-horse-battery }\n steps:\n   - file: { path: /etc/token, content: "{{ token }}", mode: "0600" }',
    },
  },
  'secret-in-argv': {
    severity: 'warning',
    title: 'A secret is among the arguments of a program',
    cause: "Every user of the host can read a program's arguments while it runs.",
    mend: 'Use `run` instead of `argv`, and pass the secret on standard input, in a file or in the environment.',
    example: {
      playbook:
        ' hosts: all\n secret: [token]\n vars: { token: correct-horse-battery }\n steps:\n-  - command: { always: true, argv: [login, "{{ token }}"] }\n+  - command: { always: true, run: "printf %s \'{{ token }}\' | login" }',
    },
  },
});
