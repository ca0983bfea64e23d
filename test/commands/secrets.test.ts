import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVault } from '../../src/secrets/vault.ts';
import { type BuiltCli, buildCli } from './built-cli.ts';

const canary = 'correct-horse-battery';
const inventory = 'hosts: { a: { address: 192.0.2.1 } }\n';
/** Prints the canary if it can be read. */
const send = (vars: string, more = '') =>
  `hosts: all\n${more}${vars}steps:\n  - command: { always: true, run: "send '{{ token }}' loudly" }\n`;
const tagged = (vault: string) => `vars:\n  token: !vault |\n${vault.replaceAll(/^(?=.)/gm, '    ')}`;

describe('secrets on the command line', () => {
  let cli: BuiltCli;
  beforeAll(() => {
    cli = buildCli();
  });
  afterAll(() => cli.remove());

  const vault = makeVault(Buffer.from(canary), 'the password');
  const run = (
    files: Record<string, string>,
    args: readonly string[],
    env: Record<string, string> = {},
  ): { exitCode: number | null; said: string } => {
    const cwd = cli.files({ 'inventory.yml': inventory, ...files });
    for (const name of Object.keys(files)) if (name.startsWith('run-')) chmodSync(join(cwd, name), 0o755);
    const { exitCode, stdout, stderr } = cli.run(args, { cwd, env });
    return { exitCode, said: stdout + stderr };
  };
  const plan = ['plan', 'playbook.yml', '-i', 'inventory.yml', '--offline'];
  const masked = "send '***' loudly";

  it.each<[string, Record<string, string>, string[], Record<string, string>]>([
    [
      'named in the playbook',
      { 'playbook.yml': send(`vars: { token: ${canary} }\n`, 'secret: [token]\n') },
      [],
      {},
    ],
    [
      'named in the inventory',
      {
        'playbook.yml': send(''),
        'inventory.yml': `${inventory}secret: [token]\nvars: { token: ${canary} }\n`,
      },
      [],
      {},
    ],
    [
      'named in the playbook, and given by -e',
      { 'playbook.yml': send('', 'secret: [token]\n') },
      ['-e', `token=${canary}`],
      {},
    ],
    [
      'in the environment',
      { 'playbook.yml': send('vars: { token: !env CANARY }\n') },
      [],
      { CANARY: canary },
    ],
    ['in a file', { 'playbook.yml': send('vars: { token: !file t/x }\n'), 't/x': `${canary}\n` }, [], {}],
    [
      'in an encrypted file that a variable names',
      { 'playbook.yml': send('vars: { token: !file x }\n'), x: vault, pw: 'the password\n' },
      ['--vault-password-file', 'pw'],
      {},
    ],
    [
      'a vault, with a password in a file',
      { 'playbook.yml': send(tagged(vault)), pw: ' the password \n' },
      ['--vault-password-file', 'pw'],
      {},
    ],
    [
      'a vault, with a password that a program prints',
      { 'playbook.yml': send(tagged(vault)), 'run-pw': '#!/bin/sh\necho the password\n' },
      ['--vault-password-file', 'run-pw'],
      {},
    ],
    [
      'a vault, with a password that a program prints for its label',
      {
        'playbook.yml': send(tagged(makeVault(Buffer.from(canary), 'password of prod', 'prod'))),
        'run-pw-client': '#!/bin/sh\necho "password of $2"\n',
      },
      ['--vault-id', 'dev@run-pw-client', '--vault-id', 'prod@run-pw-client'],
      {},
    ],
    [
      'a vault, with a password that the environment names',
      { 'playbook.yml': send(tagged(vault)), pw: 'the password\n' },
      [],
      { ANSIBLE_VAULT_PASSWORD_FILE: 'pw' },
    ],
    [
      'in an encrypted file of variables',
      { 'playbook.yml': send(''), v: makeVault(Buffer.from(`token: ${canary}\n`), 'p'), pw: 'p' },
      ['-e', '@v', '--vault-password-file', 'pw'],
      {},
    ],
    [
      'in an encrypted playbook',
      { 'playbook.yml': makeVault(Buffer.from(send(`vars: { token: ${canary} }\n`)), 'p'), pw: 'p' },
      ['--vault-password-file', 'pw'],
      {},
    ],
    [
      'in a file of secret variables',
      { 'playbook.yml': send(''), v: `token: ${canary}\n` },
      ['--secret-vars', 'v'],
      {},
    ],
  ])('is masked: %s', (_, files, args, env) => {
    const { exitCode, said } = run(files, [...plan, ...args, '--format', 'json'], env);
    expect(exitCode, said).toBe(0);
    expect(said).toContain(masked);
    expect(said).not.toContain(canary);
  });

  it('is read once from a command with <(…)', () => {
    const cwd = cli.files({ 'inventory.yml': inventory, 'playbook.yml': send('') });
    const script = `"$0" "$1" ${plan.join(' ')} --secret-vars <(echo '{"token": "${canary}"}') && "$0" "$1" ${plan.join(' ')} -e @<(echo token: open)`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, cli.bin], {
      cwd,
      encoding: 'utf8',
    });
    expect(stdout + stderr).toContain(masked);
    expect(stdout + stderr).toContain("send 'open' loudly");
  });

  it.each<[string, string, Record<string, string>, string[]]>([
    ['vault-no-password', '3:17', { 'playbook.yml': send(tagged(vault)) }, []],
    [
      'vault-wrong-password',
      '3:17',
      { 'playbook.yml': send(tagged(vault)), pw: 'another' },
      ['--vault-password-file', 'pw'],
    ],
    [
      'vault-damaged',
      '3:17',
      { 'playbook.yml': send(tagged(`${vault.slice(0, 100)}\n`)), pw: 'the password' },
      ['--vault-password-file', 'pw'],
    ],
    [
      'vault-password-unreadable',
      '11:35',
      { 'playbook.yml': send(tagged(vault)) },
      ['--vault-password-file', 'nowhere'],
    ],
    ['secret-unavailable', '2:21', { 'playbook.yml': send('vars: { token: !env NOT_SET }\n') }, []],
  ])('that is unavailable is an error at its place: %s', (code, place, files, args) => {
    const { exitCode, said } = run(files, [...plan, ...args]);
    expect(exitCode, said).toBe(1);
    expect(said).toContain(`playbook.yml:${place}`);
    expect(said).toContain(`${code} error`);
  });

  it('that nothing uses needs no password', () => {
    const playbook = `hosts: all\n${tagged(vault)}steps:\n  - command: { always: true, run: "send nothing" }\n`;
    expect(
      run({ 'playbook.yml': playbook }, ['validate', 'playbook.yml', '-i', 'inventory.yml']).exitCode,
    ).toBe(0);
  });

  it('is in no error: no code frame, no message, not even if the file is not a mapping', () => {
    const wrong = `hosts: all\nsecret: [token]\nvars: { token: ${canary}, n: "{{ token | int }}" }\nsteps:\n  - ovs_bridge: { name: "{{ token }}" }\n`;
    const { said } = run({ 'playbook.yml': wrong }, ['validate', 'playbook.yml', '-i', 'inventory.yml']);
    expect(said).toContain('vars: { token: ***,');
    expect(said).toContain("a whole number of '***'");
    expect(said).not.toContain(canary);
    const files = { 'playbook.yml': send(''), v: `${canary}\n` };
    for (const format of ['text', 'json', 'github']) {
      const args = [
        'validate',
        'playbook.yml',
        '-i',
        'inventory.yml',
        '--secret-vars',
        'v',
        '--format',
        format,
      ];
      const found = run(files, args);
      expect(found.exitCode).toBe(1);
      expect(found.said).toContain('invalid-extra-vars');
      expect(found.said).not.toContain(canary);
    }
  });

  it('is encrypted and decrypted by meshbook vault', () => {
    const cwd = cli.files({ pw: 'the password', plain: canary, 'inventory.yml': inventory });
    const password = ['--vault-password-file', 'pw'];
    const { stdout } = cli.run(['vault', 'encrypt', '--name', 'token', 'plain', ...password], { cwd });
    expect(stdout).toMatch(/^token: !vault \|\n {2}\$ANSIBLE_VAULT;1\.1;AES256\n/);
    const playbook = send(`vars:\n${stdout.replaceAll(/^(?=.)/gm, '  ')}`);
    const shown = run({ 'playbook.yml': playbook, pw: 'the password' }, [...plan, ...password]);
    expect(shown.said).toContain(masked);
    const file = cli.run(['vault', 'encrypt', ...password], { cwd, input: canary }).stdout;
    const again = cli.files({ pw: 'the password', vault: file });
    expect(cli.run(['vault', 'view', 'vault', ...password], { cwd: again }).stdout).toBe(canary);
    expect(readFileSync(join(again, 'vault'), 'utf8')).not.toContain(canary);
    expect(cli.run(['vault', 'encrypt', 'plain'], { cwd }).stderr).toContain('no password');
    expect(cli.run(['vault', 'view', 'plain', ...password], { cwd }).stderr).toContain('not encrypted');
  });
});
