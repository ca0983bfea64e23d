import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostStart, hostStop } from '../../src/lab/lab.ts';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import {
  type CliResult,
  expectAsBefore,
  expectExit,
  interruptAt,
  lab,
  meanwhile,
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

    it('completes the others with --skip-unreachable', async () => {
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

  it('is undone by status and by the record, if a run did only its packages', async () => {
    const broken = '/etc/dpkg/dpkg.cfg.d/lab-test';
    const play = write('packages.yml', `${files()}  - package: { name: bridge-utils }\n`);
    await on('docker2', `echo 'pre-invoke=echo broken; exit 9' >${broken}`);
    try {
      await expectExit(4, 'apply', '--yes', play);
    } finally {
      await on('docker2', `rm ${broken}`);
    }
    const { stdout } = await expectExit(0, 'status');
    for (const host of names) expect(stdout).toMatch(new RegExp(`^${host} .*: undone by=asked ok at=`, 'm'));
    expect((await expectExit(0, 'runs')).stdout.split('\n')[1]).toContain('3 undone');
    await expectExit(0, 'undo', '--last', '--packages', '--yes');
    await expectAsBefore(before);
  });

  it('recover removes what a run that did not start has left on a host', async () => {
    const [, other = ''] =
      /^Run (\S+):/m.exec(
        (
          await expectExit(
            0,
            'apply',
            '--yes',
            '--limit',
            'docker3',
            '--no-confirm',
            write('files.yml', files()),
          )
        ).stdout,
      ) ?? [];
    // docker3 is locked by that run, so this one can't begin.
    const { stdout } = await expectExit(
      4,
      'apply',
      '--yes',
      write('second.yml', files().replace('/first', '/second')),
    );
    const [, run = ''] = /^Run (\S+):/m.exec(stdout) ?? [];
    expect(stdout).toMatch(/^docker1 +not started/m);
    // As if docker1 could not be told any more.
    const folder = `/var/lib/meshbook/transactions/${run}`;
    const control = await on('docker3', `base64 /var/lib/meshbook/transactions/${other}/control`);
    await on(
      'docker1',
      `mkdir -p ${folder}/main; echo '${control}' | base64 -d >${folder}/control; : >${folder}/main/journal`,
    );
    await on('docker1', `echo somebody >${folder}/holder`);
    expect((await expectExit(0, 'status')).stdout).toMatch(new RegExp(`docker1 +not armed: run ${run}`));
    expect((await expectExit(0, 'recover', run)).stdout).toContain(
      `docker1: what run ${run} had left here is cleared away`,
    );
    await on('docker1', `! test -e ${folder}`);
    expect((await expectExit(0, 'recover', run)).stdout).not.toContain('cleared away');
    await expectExit(0, 'undo', other, '--yes');
    await expectAsBefore(before);
  });

  it('recognises a reinstalled host, and undoes the rest once it is forgotten there', async () => {
    await expectExit(0, 'apply', '--yes', write('files.yml', files()));
    await on(
      'docker3',
      'mv /etc/machine-id /etc/lab-machine-id; echo 0123456789abcdef0123456789abcdef >/etc/machine-id',
    );
    try {
      await on('docker3', 'rm -r /var/lib/meshbook/transactions/*; echo other >/etc/lab-test/first');
      const refused = await expectExit(4, 'undo', '--last', '--yes');
      expect(refused.stdout).toContain('not the machine');
      expect(refused.stdout).toMatch(/meshbook runs forget \S+ --limit docker3/);
      const [, id = ''] = /runs forget (\S+) --limit/.exec(refused.stdout) ?? [];
      await expectExit(0, 'runs', 'forget', id, '--limit', 'docker3', '--yes');
      expect((await expectExit(0, 'undo', '--last', '--yes')).stdout).toContain('2 hosts: 2 undone');
      expect((await expectExit(0, 'runs', 'show', id)).stdout).toMatch(/by now +2 undone, 1 forgotten/);
    } finally {
      await on('docker3', 'mv -f /etc/lab-machine-id /etc/machine-id; rm -rf /etc/lab-test');
    }
    await expectAsBefore(before);
  });

  it('undoes the run on all hosts if a step fails on one', async () => {
    const { stdout } = await expectExit(4, 'apply', '--yes', write('failing.yml', failing()));
    expect(stdout).toMatch(
      /^docker2: FAILED: step "Fails on one host" \(\S*failing\.yml:8\): exit status 9$/m,
    );
    expect(stdout.match(/\| no such luck/g)).toHaveLength(1);
    expect(stdout).toMatch(/docker1 +undone/);
    await expectAsBefore(before);
  });

  it('says in words that a command took too long, and that no space was left', async () => {
    const slow = `hosts: docker1\nsteps:\n  - { name: Slow, command: { run: sleep 30, always: true }, timeout: 1s }\n`;
    const late = await expectExit(4, 'apply', '--yes', write('slow.yml', slow));
    expect(late.stdout).toMatch(/FAILED: step "Slow" \(\S*slow\.yml:3\): ended after its timeout of 1 s$/m);
    await on('docker1', 'mkdir /etc/lab-test; mount -t tmpfs -o size=64k tmpfs /etc/lab-test');
    await on('docker1', 'head -c 65536 /dev/zero >/etc/lab-test/all; df /etc/lab-test');
    try {
      const { stdout } = await expectExit(
        4,
        'apply',
        '--yes',
        '--limit',
        'docker1',
        write('files.yml', files()),
      );
      expect(stdout).toMatch(/FAILED: step .*: exit status \d+; no space left on \/etc\/lab-test$/m);
    } finally {
      await on('docker1', 'umount /etc/lab-test; rmdir /etc/lab-test');
    }
    await expectAsBefore(before);
  });

  it('distinguishes a command that did not run, in the run, its record, its undo and drift', async () => {
    const guarded = `hosts: docker1
steps:
  - file: { path: /etc/lab-test/first, content: x }
  - { name: Idle, command: { run: touch /etc/lab-test/idle, unless: test -e /root/lab-off, undo: touch /etc/lab-test/undone } }
  - { name: Busy, command: { run: touch /etc/lab-test/busy, unless: test -e /etc/lab-test/busy, undo: rm /etc/lab-test/busy } }
  - { name: Signal, command: { run: 'true', always: true } }
`;
    const playbook = write('guarded.yml', guarded);
    await on('docker1', 'touch /root/lab-off');
    const { stdout } = await expectExit(0, 'apply', '--yes', playbook);
    expect(stdout).toContain('docker1: did not run, nothing to do: run command touch /etc/lab-test/idle');
    expect(stdout).toMatch(/^docker1 +changed +3 changes; 1 command did not run/m);
    const [, run = ''] = /^Run (\S+):/m.exec(stdout) ?? [];
    expect((await expectExit(0, 'runs', 'show', run)).stdout).toContain('1 command did not run');
    const drift = async () => (await expectExit(2, 'drift', playbook)).stdout;
    await on('docker1', '! test -e /etc/lab-test/idle; rm /root/lab-off');
    expect(await drift()).toMatch(/idle.*[\s\S]*left out by\s+run/);
    await on('docker1', 'touch /root/lab-off; rm /etc/lab-test/busy');
    expect(await drift()).toMatch(/busy.*[\s\S]*run by\s+run/);
    await on('docker1', 'rm /root/lab-off; touch /etc/lab-test/busy');
    const undone = await expectExit(0, 'undo', run, '--yes');
    expect(undone.stdout).toContain('touch /etc/lab-test/busy');
    expect(undone.stdout).not.toContain('idle');
    expect(undone.stdout).not.toMatch(/^docker1: undo run command true/m);
    expect(undone.stdout).toMatch(/^docker1 +undone +2 changes; 1 command stays$/m);
    await expectAsBefore(before);
  });

  it('waits with --wait for a host that another run has locked, and otherwise names that run', async () => {
    const runOf = ({ stdout }: CliResult) => /^Run (\S+):/m.exec(stdout)?.[1] ?? '';
    const only = ['--yes', '--limit', 'docker1'];
    const older = runOf(await expectExit(0, 'apply', ...only, write('files.yml', files())));
    const second = write(
      'second.yml',
      'hosts: docker1\nsteps: [file: { path: /etc/lab-test/second, content: x }]\n',
    );
    const third = write(
      'third.yml',
      'hosts: docker1\nsteps: [file: { path: /etc/lab-test/third, content: x }]\n',
    );
    const armed = runOf(await expectExit(0, 'apply', '--yes', '--no-confirm', second));
    for (const work of [
      ['apply', '--yes', third],
      ['undo', older, ...only],
    ]) {
      const { stdout, stderr } = await expectExit(4, ...work);
      expect(stdout).toMatch(
        new RegExp(`^docker1: ERROR locked: run ${armed} holds this host \\(.*@.* since `, 'm'),
      );
      expect(stdout).toContain('--wait 5m');
      expect(stdout + stderr).toMatch(/^(docker1 +not started|Nothing was undone anywhere)/m);
    }
    const confirm = () => expectExit(0, 'confirm', armed);
    const waited = await meanwhile(
      'waiting, 60 s at most',
      confirm,
      'apply',
      '--wait',
      '60s',
      '--yes',
      third,
    );
    expect(waited).toMatchObject({ exitCode: 0 });
    for (const run of [runOf(waited), armed, older]) await expectExit(0, 'undo', run, ...only);
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

  it('leaves everything in place with on_failure: keep, and can undo it later', async () => {
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

  it('says what to do if sudo wants a password', async () => {
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
