import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { expectAsBefore, expectExit, folder, lab, on, snapshots, stateDir, write } from './cli.ts';

const text = `
name: Beside a hostile host
hosts: docker_hosts
steps:
  - { name: A bridge, linux_bridge: { name: hostile0, address: "10.47.{{ host.name | replace('docker', '') }}.1/24" } }
  - { name: A file, file: { path: /etc/lab-test/hostile, content: "{{ host.name }}\\n" } }
`;
const talks = '/run/hostile-talks';

/** Puts a script in front of a program of docker3, first in the path of our scripts. */
async function lie(program: 'ip' | 'tail', script: string): Promise<void> {
  const path = `/usr/local/sbin/${program}`;
  await on('docker3', `cat >${path} <<'END'\n#!/bin/sh\n${script}\nEND\nchmod 0755 ${path}`);
}

const honestAgain = () => on('docker3', `rm -f /usr/local/sbin/ip /usr/local/sbin/tail ${talks}`);

/** How a command ends that gets SIGTERM while docker3 sends output. */
async function terminated(...args: string[]): Promise<number | null> {
  const bin = new URL('../../bin/meshbook', import.meta.url).pathname;
  const env = { ...process.env, MESHBOOK_STATE_DIR: folder, MESHBOOK_INVENTORY: lab().inventory };
  const child = spawn(process.execPath, [bin, ...args], { env, stdio: 'ignore' });
  const end = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    await on('docker3', `timeout 30 sh -c 'while ! [ -e ${talks} ]; do sleep 0.1; done; sleep 1'`);
    child.kill('SIGTERM');
    // Much less than the time limit of a probe.
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    return await end.finally(() => clearTimeout(late));
  } finally {
    child.kill('SIGKILL');
  }
}

/** Bytes of all run records on the controller. */
function kept(): number {
  const files = readdirSync(join(folder, 'runs'), { recursive: true, encoding: 'utf8' });
  return files.reduce((sum, file) => sum + statSync(join(folder, 'runs', file)).size, 0);
}

describe.skipIf(stateDir === '').sequential('a hostile host among others', () => {
  let before: Map<string, Snapshot>;
  let playbook: string;
  beforeAll(async () => {
    before = await snapshots();
  });
  beforeEach(() => {
    playbook = write('hostile.yml', text);
  });
  afterEach(honestAgain);
  afterAll(async () => {
    await honestAgain();
    await expectAsBefore(before);
  });

  it('with malformed answers is unknown, and the others are planned', async () => {
    await lie('ip', 'echo "[null]"');
    const plan = await expectExit(0, 'plan', playbook);
    expect(plan.stdout).toContain('+ bridge hostile0  on docker1, docker2\n');
    expect(plan.stdout).toMatch(
      /\? unknown until the run: the host's answer to ip .* can't be read: .* on docker3$/m,
    );
    const { stderr } = await expectExit(1, 'apply', '--yes', playbook);
    expect(stderr).toContain("docker3: the host's answer to ip -j -d address show can't be read: ");
    expect(stderr).toContain('nothing was changed anywhere');
  });

  it('whose program reports endlessly is cut off, and the others are undone', async () => {
    // By then the others have begun.
    await lie(
      'tail',
      `case "$*" in
*/apply.events) sleep 2; echo 'begin 1'; yes 'ok 1' | head -c 15000000 ;;
*) exec /usr/bin/tail "$@" ;;
esac`,
    );
    const { stdout } = await expectExit(4, 'apply', '--yes', playbook);
    expect(stdout).toContain(
      'docker3: ERROR protocol: the host reports what no program of ours does next: ok 1\n',
    );
    expect(stdout).toMatch(/^docker1 +undone +[1-3] changes?$/m);
    expect(stdout).toMatch(/^docker2 +undone +[1-3] changes?$/m);
    expect(kept()).toBeLessThan(100_000);
    await honestAgain();
    await expectAsBefore(before);
  });

  it('that prints more than facts can be is reported, and the others are planned', async () => {
    await lie('ip', 'exec yes');
    const { stdout } = await expectExit(3, 'plan', playbook);
    expect(stdout).toContain('docker3: the script printed more than 16777216 bytes (protocol)\n');
    expect(stdout).toContain('Plan: 2 hosts: 6 changes (6 create), 1 unreachable.\n');
  });

  it('that prints one byte at a time for ever does not block signals', async () => {
    await lie('ip', `: >${talks}; while printf x; do :; done`);
    expect(await terminated('plan', playbook)).toBe(130);
  });
});
