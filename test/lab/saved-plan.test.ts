import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import {
  expectAsBefore,
  expectExit,
  folder,
  meshbook,
  names,
  on,
  snapshots,
  stateDir,
  write,
} from './cli.ts';

const mesh = new URL('../../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;

// Two hosts' files, one of them secret: what a saved plan contains, and what it doesn't.
const keys = (content = 'hunter2', more = '') => `
hosts: docker_hosts
on_failure: ${more === '' ? 'undo_all' : more}
steps:
  - { name: motd, file: { path: /etc/saved-motd, content: "on {{ facts.os.hostname }}\\n" } }
  - { name: key, hosts: docker1, file: { path: /etc/saved-key, content: "${content}\\n", mode: '0600', secret: true } }
`;

interface Planned {
  readonly hosts: unknown;
  readonly summary: { readonly steps: Readonly<Record<string, number>> };
}

describe.skipIf(stateDir === '').sequential('saved plans', () => {
  let before: Map<string, Snapshot>;
  const facts = join(folder, 'facts');
  const saved = join(folder, 'lab.plan');
  const playbook = write('keys.yml', keys());
  const json = async (...args: string[]) =>
    JSON.parse((await expectExit(0, ...args, '--format', 'json')).stdout) as Planned;

  beforeAll(async () => {
    before = await snapshots();
  });
  afterAll(async () => {
    await Promise.all(
      names.map((host) => on(host, 'rm -f /etc/saved-*; ip link del savedbr 2>/dev/null || :')),
    );
  });

  it('a plan from saved facts is the plan over SSH, and reading them writes nothing', async () => {
    await expectExit(0, 'facts', mesh, playbook, '-o', facts);
    await expectAsBefore(before);
    for (const file of [mesh, playbook]) {
      const [live, stored] = [await json('plan', file), await json('plan', file, '--facts', facts)];
      expect(stored.hosts).toEqual(live.hosts);
      expect(stored.summary).toEqual(live.summary);
    }
    await expectExit(2, 'plan', mesh, '--facts', facts, '--detailed-exitcode');
  });

  it('facts without a playbook are enough for the mesh, except the one file that it names', async () => {
    const usual = join(folder, 'usual');
    await expectExit(0, 'facts', '-o', usual);
    const { summary } = await json('plan', mesh, '--facts', usual);
    expect(summary.steps).toEqual({ change: 15, no_change: 0, unknown: 3 });
  });

  it('a host without a file, and a plan without facts, are unknown', async () => {
    const some = join(folder, 'some');
    mkdirSync(some);
    writeFileSync(join(some, 'docker1.json'), readFileSync(join(facts, 'docker1.json')));
    expect((await json('plan', mesh, '--facts', some)).summary.steps).toEqual({
      change: 6,
      no_change: 0,
      unknown: 12,
    });
    expect((await json('plan', playbook, '--offline')).summary.steps).toEqual({
      change: 0,
      no_change: 0,
      unknown: 4,
    });
    writeFileSync(join(some, 'docker1.json'), '{');
    expect((await expectExit(1, 'plan', mesh, '--facts', some)).stderr).toContain(
      'docker1.json:1:2 facts-damaged',
    );
  });

  it('saves a plan without its secret, and shows it', async () => {
    await expectExit(0, 'plan', playbook, '-o', saved);
    expect(readFileSync(saved, 'utf8')).not.toContain('hunter2');
    expect((await expectExit(2, 'show', saved, '--detailed-exitcode')).stdout).toMatch(
      /Saved plan, made at .*Z\.\n/,
    );
    expect((await expectExit(0, 'show', saved, '--format', 'sh')).stdout).toContain(
      'is secret and not shown',
    );
    await expectAsBefore(before);
  });

  it('applies it without asking, verifies it, and the run can be undone', async () => {
    const { stdout } = await expectExit(0, 'apply', saved);
    expect(stdout).toContain('3 hosts: 3 changed');
    expect(await on('docker1', 'cat /etc/saved-motd /etc/saved-key')).toBe('on docker1\nhunter2');
    // It has been carried out: again it would do something else, namely nothing.
    const again = await expectExit(4, 'apply', saved);
    expect(again.stdout).toContain('the host is as planned already: nothing of the plan is left to do');
    expect(again.stdout).toContain('create file /etc/saved-motd is no longer to do');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });

  it('ignores other changes on a host and in the playbook', async () => {
    await expectExit(0, 'plan', mesh, '-o', saved);
    await Promise.all(
      names.map((host) => on(host, 'ip link add savedbr type bridge; touch /etc/saved-other')),
    );
    const moved = write('mesh.yml', readFileSync(mesh, 'utf8').replace('lab: { cidr', 'lab: { key: 7, cidr'));
    expect(moved).not.toBe(mesh);
    await expectExit(0, 'apply', saved);
    await expectExit(0, 'plan', mesh, '--detailed-exitcode');
    await expectExit(0, 'undo', '--last', '--yes', '--packages');
    await Promise.all(names.map((host) => on(host, 'ip link del savedbr; rm /etc/saved-other')));
    await expectAsBefore(before);
  });

  it('refuses a host that has changed, names what has, and then changes no host', async () => {
    await expectExit(0, 'plan', playbook, '-o', saved);
    await on('docker2', 'echo mine >/etc/saved-motd');
    await on('docker1', 'printf mine >/etc/saved-key; chmod 0644 /etc/saved-key');
    const { stdout, stderr } = await expectExit(4, 'apply', saved);
    const file = '(to update, not to create)';
    expect(stdout).toContain(
      `docker2:   | step 1, motd: file /etc/saved-motd ${file}: content was (none), is now`,
    );
    expect(stdout).toContain(
      `docker1:   | step 2, key: file /etc/saved-key ${file}: content was (none), is now (secret); mode was (none), is now 0644\n`,
    );
    expect(stdout).not.toContain('docker3');
    expect(stderr).toContain('Nothing was changed anywhere');
    expect(await on('docker3', 'ls /etc/saved-motd 2>&1 || :')).toContain('No such file');
    await on('docker1', 'rm /etc/saved-key');
    await on('docker2', 'rm /etc/saved-motd');
    await expectAsBefore(before);
  });

  it('with undo_host the others go on', async () => {
    const each = write('each.yml', keys('hunter2', 'undo_host'));
    await expectExit(0, 'plan', each, '-o', saved);
    await on('docker2', 'echo mine >/etc/saved-motd');
    const { stdout } = await expectExit(4, 'apply', saved);
    expect(stdout).toMatch(/docker2 +not started/);
    expect(stdout).toContain('2 changed');
    expect(await on('docker2', 'cat /etc/saved-motd')).toBe('mine');
    await expectExit(0, 'undo', '--last', '--yes');
    await on('docker2', 'rm /etc/saved-motd');
    await expectAsBefore(before);
  });

  it('uses the present secret, and refuses a playbook that differs otherwise, or is gone', async () => {
    await expectExit(0, 'plan', playbook, '-o', saved);
    write('keys.yml', keys('hunter2').replace("'0600'", "'0644'"));
    expect((await expectExit(1, 'apply', saved)).stderr).toMatch(
      /plan-stale error: .*step 2, key, on docker1 says something else/,
    );
    rmSync(playbook);
    expect((await expectExit(1, 'apply', saved)).stderr).toContain('holds no secrets');
    write('keys.yml', keys('hunter3'));
    await expectExit(0, 'apply', saved);
    expect(await on('docker1', 'cat /etc/saved-key')).toBe('hunter3');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });

  it('one made from saved facts is applied if it is exactly what there is to do', async () => {
    write('keys.yml', keys());
    await expectExit(0, 'plan', playbook, '--facts', facts, '-o', saved);
    await expectExit(0, 'apply', saved);
    await expectExit(0, 'undo', '--last', '--yes');
    await expectExit(0, 'plan', playbook, '--offline', '-o', saved);
    expect((await expectExit(1, 'apply', saved)).stderr).toMatch(
      /plan-open error: .* on docker1, docker2, docker3: motd\n/,
    );
    await expectAsBefore(before);
  });

  it.each([
    ['edited', (text: string) => text.replace('undo_all', 'keep'), 'plan-damaged'],
    ['cut off', (text: string) => text.slice(0, -100), 'plan-damaged'],
    ['of another version', (text: string) => text.replace(/_plan": \d+/, '_plan": 99'), 'plan-version'],
  ])('refuses a file that is %s', async (_, edit, code) => {
    await expectExit(0, 'plan', playbook, '-o', saved);
    writeFileSync(saved, edit(readFileSync(saved, 'utf8')));
    expect((await expectExit(1, 'apply', saved)).stderr).toContain(code);
    expect((await meshbook('show', saved)).stderr).toContain(code);
  });

  it('refuses options that would change the plan', async () => {
    await expectExit(0, 'plan', mesh, '-o', saved);
    const { stderr } = await expectExit(1, 'apply', saved, '--limit', 'docker1', '--tags', 'x', '-e', 'a=b');
    for (const option of ['--limit', '--tags', '--extra-vars'])
      expect(stderr).toContain(`plan-option error: ${option} can't be given`);
  });
});
