import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostStart, hostStop } from '../../src/lab/lab.ts';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import {
  expectAsBefore,
  expectExit,
  interruptAt,
  lab,
  names,
  on,
  snapshots,
  stateDir,
  write,
} from './cli.ts';

const files = (more = '') => `
name: Two files
hosts: docker_hosts
${more}
steps:
  - file: { path: /etc/lab-test/first, content: "{{ host.name }}\\n", mode: "0600" }
`;
const failing = (more = '') => `${files(more)}
  - name: Fails on one host
    command: { run: "test $(hostname) != docker2 || { echo no such luck; exit 9; }", always: true }
  - file: { path: /etc/lab-test/second, content: never }
`;

describe.skipIf(stateDir === '').sequential('when something goes wrong', () => {
  let before: Map<string, Snapshot>;
  beforeEach(async () => {
    before = await snapshots();
  });

  describe('one host is down', () => {
    beforeEach(() => hostStop(lab(), 'docker3'));
    afterEach(() => hostStart(lab(), 'docker3'));

    it('stops before anything is changed', async () => {
      const { stdout, stderr } = await expectExit(3, 'apply', '--yes', write('files.yml', files()));
      expect(stdout).toContain('docker3');
      expect(stderr).toContain('--skip-unreachable');
      await expectAsBefore(new Map([...before].filter(([host]) => host !== 'docker3')));
    });

    it('finishes the others with --skip-unreachable', async () => {
      const { stdout } = await expectExit(
        3,
        'apply',
        '--yes',
        '--skip-unreachable',
        write('files.yml', files()),
      );
      expect(stdout).toMatch(/docker1 +changed/);
      expect(stdout).toMatch(/docker3 +unreachable/i);
      expect(await on('docker2', 'cat /etc/lab-test/first; stat -c %a /etc/lab-test/first')).toBe(
        'docker2\n600',
      );
      await expectExit(0, 'undo', '--last', '--yes');
      await expectAsBefore(new Map([...before].filter(([host]) => host !== 'docker3')));
    });
  });

  it('undoes the run on all hosts when a step fails on one', async () => {
    const { stdout } = await expectExit(4, 'apply', '--yes', write('failing.yml', failing()));
    expect(stdout).toContain('no such luck');
    expect(stdout).toMatch(/docker1 +undone/);
    await expectAsBefore(before);
  });

  it('undoes only the host that failed with on_failure: undo_host', async () => {
    const { stdout } = await expectExit(
      4,
      'apply',
      '--yes',
      write('failing.yml', failing('on_failure: undo_host')),
    );
    expect(stdout).toMatch(/docker2 +undone/);
    await expectAsBefore(new Map([...before].filter(([host]) => host === 'docker2')));
    expect(await on('docker1', 'cat /etc/lab-test/first')).toBe('docker1');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });

  it('leaves everything as it is with on_failure: keep, and can undo it later', async () => {
    const { stdout } = await expectExit(
      4,
      'apply',
      '--yes',
      '--on-failure',
      'keep',
      write('failing.yml', failing()),
    );
    expect(stdout).toMatch(/docker2 +failed, kept/);
    expect(await on('docker2', 'cat /etc/lab-test/first')).toBe('docker2');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });

  it('undoes on Ctrl-C', async () => {
    const slow = `${files()}  - command: { run: sleep 4, always: true }\n  - file: { path: /etc/lab-test/second, content: never }\n`;
    const result = await interruptAt(
      'docker1: create file /etc/lab-test/first',
      'apply',
      '--yes',
      write('slow.yml', slow),
    );
    expect(result.exitCode).toBe(130);
    await expectAsBefore(before);
  });

  it('applies and undoes through sudo, with a password and without', async () => {
    for (const [user, more] of [
      ['op', ['--become-password-file', write('password', 'lab-op\n')]],
      ['nopw', []],
    ] as const) {
      const inventory = write(`${user}.yml`, sudoInventory(user));
      await expectExit(0, 'apply', '--yes', '-i', inventory, write('files.yml', files()), ...more);
      expect(await on('docker1', 'stat -c %U /etc/lab-test/first')).toBe('root');
      await expectExit(0, 'undo', '--last', '--yes', ...more);
      await expectAsBefore(before);
    }
  });

  it('says what to do when sudo wants a password', async () => {
    const { stdout } = await expectExit(
      3,
      'plan',
      '-i',
      write('op.yml', sudoInventory('op')),
      write('files.yml', files()),
    );
    expect(stdout).toContain('--ask-become-pass');
  });
});

function sudoInventory(user: string): string {
  const hosts = names.map(
    (name) => `${name}: { address: ${lab().hosts.find((host) => host.name === name)?.address} }`,
  );
  return `
groups: { docker_hosts: { hosts: { ${hosts.join(', ')} } } }
become: true
ssh: { user: ${user}, identity_file: ${lab().key}, known_hosts: ${lab().knownHosts} }
`;
}
