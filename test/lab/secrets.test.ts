import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { formsOf } from '../../src/secrets/forms.ts';
import { makeVault } from '../../src/secrets/vault.ts';
import { type CliResult, expectAsBefore, folder, lab, on, snapshots, stateDir } from './cli.ts';

// One secret from each source.
const canaries = {
  vaulted: "vaulted'canary <ä> 1",
  inline: 'inline-canary-2-of-secrets',
  environment: 'environment canary & 3',
  marked: 'marked/canary+4%',
  file: 'file-canary-5\nwith two lines of it',
  key: '0badcafe-12345678-deadbeef-00c0ffee',
};
const forms = Object.values(canaries).flatMap(formsOf);
// What templates make of them.
const derived = [...formsOf(canaries.inline.toUpperCase())];

const inVault = makeVault(Buffer.from(canaries.inline), 'the password');
const playbook = `
hosts: docker1
secret: [marked, key]
vars:
  inline: !vault |
${inVault.replaceAll(/^/gm, '    ')}
  environment: !env CANARY
  file: !file canary.txt
  header: "Bearer {{ environment }}"
steps:
  - { name: "Step of {{ inline }}", file: { path: /etc/canary/content, content: "{{ marked }}\\n", mode: '0600' } }
  - { name: template, file: { path: /etc/canary/template, template: canary.j2, mode: '0600' } }
  - { name: a kernel parameter, sysctl: { name: net.ipv4.tcp_fastopen_key, value: "{{ key }}" } }
  - name: command
    when: marked != 'something else'
    command:
      run: |
        umask 077
        cat >/etc/canary/command <<'END'
        {{ header }} {{ inline | upper }} {{ file }}
        END
        cat /proc/[0-9]*/cmdline >>/etc/canary/argv
      unless: "[ -n '{{ marked }}' ]; cat /proc/[0-9]*/cmdline >>/var/tmp/canary-argv; [ -e /etc/canary/command ]"
      undo: |
        : '{{ header }}'
        rm -f /etc/canary/command /etc/canary/argv
  - { name: "each {{ item }}", for_each: ["{{ inline }}"], file: { path: /etc/canary/each, content: "{{ item }}", mode: '0600' } }
checks:
  - name: it is there
    command: { run: "cat /proc/[0-9]*/cmdline >>/var/tmp/canary-argv; grep -qF '{{ inline }}' /etc/canary/each" }
`;
// Prints its secrets in many forms, and fails.
const loud = playbook.replace(
  'checks:\n',
  `  - name: loud
    command:
      always: true
      run: |
        printf '%s %s' '{{ inline }}' '{{ marked }}' | tee /dev/stderr | base64 >&2
        printf %s '{{ marked }}' | od -An -tx1 | tr -d ' \\n'
        exit 3
checks:
`,
);

describe.skipIf(stateDir === '').sequential('secrets', () => {
  let before: Map<string, Snapshot>;
  const at = join(folder, 'secrets');
  const state = join(at, 'state');
  const said: string[] = [];

  beforeAll(async () => {
    before = await snapshots(['docker1']);
    mkdirSync(at);
    const files = {
      'canary.j2': 'token = {{ vaulted }}\n',
      'canary.txt': `${canaries.file}\n`,
      'playbook.yml': playbook,
      'loud.yml': loud,
      'vault.yml': makeVault(
        Buffer.from(JSON.stringify({ vaulted: canaries.vaulted })),
        'the password',
        'prod',
      ),
      'marked.yml': JSON.stringify({ marked: canaries.marked, key: canaries.key }),
      password: 'the password\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text, { mode: 0o600 });
  });
  afterAll(async () => {
    await on('docker1', 'rm -rf /etc/canary /var/tmp/canary-argv');
  });

  const vars = ['-e', '@vault.yml', '-e', '@marked.yml', '--vault-password-file', 'password'];
  /** Runs it beside the files; its output is searched in the end. */
  const run = (exitCode: number, ...args: string[]): CliResult => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: at,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        CANARY: canaries.environment,
        MESHBOOK_STATE_DIR: state,
        MESHBOOK_INVENTORY: lab().inventory,
      },
    });
    said.push(stdout, stderr);
    expect(status, `${args.join(' ')}\n${stdout}\n${stderr}`).toBe(exitCode);
    return { exitCode: status, stdout, stderr };
  };

  it('are in nothing that any command prints or writes, nor in arguments of programs', async () => {
    run(0, 'validate', 'playbook.yml', ...vars);
    run(0, 'facts', 'playbook.yml', ...vars, '-o', 'facts');
    run(0, 'plan', 'playbook.yml', ...vars, '--diff', '-o', 'saved.plan');
    run(0, 'plan', 'playbook.yml', ...vars, '--facts', 'facts', '--format', 'html');
    run(0, 'show', 'saved.plan', '--out-dir', 'programs');
    // A command fails and prints them, and everything is undone.
    const failed = run(4, 'apply', 'loud.yml', ...vars, '--yes');
    expect(failed.stdout).toContain('***');
    // The saved plan contains none, and takes them from the playbook again.
    expect(run(1, 'apply', 'saved.plan', '--vault-password-file', 'password').stderr).toContain("'vaulted'");
    run(0, 'apply', 'saved.plan', ...vars, '--json');
    expect(await on('docker1', 'cat /etc/canary/command')).toBe(
      `Bearer ${canaries.environment} ${canaries.inline.toUpperCase()} ${canaries.file}`,
    );
    expect(await on('docker1', 'cat /etc/canary/content /etc/canary/template /etc/canary/each')).toBe(
      `${canaries.marked}\ntoken = ${canaries.vaulted}\n${canaries.inline}`,
    );
    run(0, 'apply', 'playbook.yml', ...vars, '--yes');
    await on('docker1', 'echo other >/etc/canary/content; rm /etc/canary/each');
    run(2, 'drift', 'playbook.yml', ...vars, '--diff');
    run(4, 'check', 'playbook.yml', ...vars);
    const argv = await on('docker1', 'cat /etc/canary/argv /var/tmp/canary-argv');
    expect(argv).toContain('sh');
    const elsewhere = await on(
      'docker1',
      `grep -rlaF -e canary-2 -e "canary & 3" -e canary+4 -e canary-5 /etc /run /tmp /root /var/log /var/tmp || :`,
    );
    expect(elsewhere.split('\n').sort()).toEqual(
      ['/etc/canary/command', '/etc/canary/template'].filter((path) => elsewhere.includes(path)),
    );
    const run1 = readdirSync(join(state, 'runs')).sort().at(1) ?? '';
    run(0, 'runs', 'show', run1);
    run(0, 'undo', run1, '--yes', '--force');
    await on('docker1', 'rm -rf /etc/canary /var/tmp/canary-argv');
    await expectAsBefore(before);
    const kept = filesBelow(at).filter((path) => !sources.includes(path.slice(at.length + 1)));
    expect(kept.some((path) => path.endsWith('changes.json'))).toBe(true);
    const texts = [
      ...said.map((text, i) => [`output ${i}`, text]),
      ...kept.map((path) => [path, readFileSync(path, 'utf8')]),
      ['argv', argv],
    ];
    for (const [what = '', text = ''] of texts) {
      const found = [...forms, ...derived].filter((form) => text.includes(form));
      expect(found, what).toEqual([]);
    }
  }, 240_000);
});

const bin = new URL('../../bin/meshbook', import.meta.url).pathname;
const sources = [
  'canary.j2',
  'canary.txt',
  'playbook.yml',
  'loud.yml',
  'vault.yml',
  'marked.yml',
  'password',
];

function filesBelow(path: string): string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}
