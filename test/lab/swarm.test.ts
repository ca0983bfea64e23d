import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostStart, hostStop } from '../../src/lab/lab.ts';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import {
  expectAsBefore,
  expectExit,
  folder,
  lab,
  meshbook,
  names,
  on,
  plannedChanges,
  snapshots,
  stateDir,
  write,
} from './cli.ts';

const bin = new URL('../../bin/meshbook', import.meta.url).pathname;
const shipped = new URL('../../playbooks/docker-swarm.yml', import.meta.url).pathname;
const address = () => lab().hosts[0]?.underlayAddress;
const play = (more = '', head = '') => `
name: A swarm
hosts: docker_hosts
${head}
steps:
${more}
  - swarm: { manager: docker1, manager_address: ${address()} }
`;
/** What runs before the swarm is made, on the manager alone. */
const before1 = (run: string) =>
  `  - { hosts: docker1, command: { run: ${JSON.stringify(run)}, always: true } }`;

const state = (host: string) => on(host, "docker info -f '{{.Swarm.LocalNodeState}}'");
const states = async () => Promise.all(names.map(state));
const inactive = ['inactive', 'inactive', 'inactive'];
const token = () => on('docker1', 'docker swarm join-token -q worker');

/** Files of a host that contain a text, except the kernel's and Docker's own. */
const holding = (host: string, text: string) =>
  on(
    host,
    `grep -rlF -- '${text}' /var/lib/meshbook /run /etc /root /tmp /var/tmp /var/log /dev/shm 2>/dev/null || :`,
  );

/** Every file of the controller, whole. */
function controllersFiles(): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
}

async function until(holds: () => Promise<boolean>, seconds: number): Promise<void> {
  for (
    const end = Date.now() + seconds * 1000;
    !(await holds());
    await new Promise((go) => setTimeout(go, 300))
  )
    if (Date.now() > end) expect.fail('it does not come');
}

describe.skipIf(stateDir === '').sequential('hosts that become one swarm', { timeout: 120_000 }, () => {
  let before: Map<string, Snapshot>;
  beforeEach(async () => {
    before = await snapshots();
    expect(await states()).toEqual(inactive);
  });

  // What a failed test leaves behind.
  afterEach(async () => {
    const leave =
      'docker swarm leave --force >/dev/null 2>&1 || :; docker network rm docker_gwbridge >/dev/null 2>&1 || :';
    await Promise.all(names.map((host) => on(host, leave)));
  });

  it('join with a token that is nowhere to be found, and leave again', async () => {
    const file = [shipped, '-e', `manager_address=${address()}`];
    const saved = join(folder, 'swarm.plan.json');
    const shown = [
      await expectExit(0, 'plan', ...file, '-o', saved),
      await expectExit(0, 'plan', '--format', 'sh', ...file),
      await expectExit(0, 'apply', '--yes', '--json', saved),
    ];
    expect(await states()).toEqual(['active', 'active', 'active']);
    expect(await on('docker1', 'docker node ls -q | wc -l')).toBe('3');
    expect(await plannedChanges(...file)).toEqual([]);
    const secret = await token();
    expect(secret).toMatch(/^SWMTKN-1-/);
    const texts = [...shown.flatMap(({ stdout, stderr }) => [stdout, stderr]), controllersFiles()].join('\n');
    expect(texts).toContain('docker2');
    for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -4)]) {
      expect(texts).not.toContain(form);
      for (const host of names) expect(await holding(host, form), host).toBe('');
    }
    expect(await on('docker2', 'ls /run/meshbook 2>/dev/null || :')).toBe('');
    await expectExit(0, 'undo', '--last', '--yes');
    expect(await states()).toEqual(inactive);
    await expectAsBefore(before);
  });

  it('get the token of a manager that has no change itself', async () => {
    const file = write('later.yml', play());
    await expectExit(0, 'apply', '--yes', '--limit', 'docker1', file);
    // The manager is not among the hosts.
    const { stderr } = await expectExit(1, 'apply', '--yes', '--limit', 'docker2', file);
    expect(stderr).toContain('value-never-given');
    expect(await states()).toEqual(['active', 'inactive', 'inactive']);
    const { stdout } = await expectExit(0, 'apply', '--yes', '--forks', '1', file);
    expect(stdout).toMatch(/1 no change, 2 changed/);
    expect(await states()).toEqual(['active', 'active', 'active']);
    await expectExit(0, 'undo', '--last', '--yes');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });

  it('are told when the manager fails before it has a token', async () => {
    const file = write('fails.yml', play(before1('sleep 1; exit 9'), 'on_failure: undo_host'));
    const { stdout } = await expectExit(4, 'apply', '--yes', '--forks', '1', file);
    expect(stdout).toContain("docker1 does not give the swarm's join token");
    expect(stdout).toMatch(/docker2 +undone|docker2 +not started/);
    await expectAsBefore(before);
  });

  it('undo the run by themselves when the controller is gone while they wait', async () => {
    const file = write('slow.yml', play(before1('sleep 12')));
    const env = { ...process.env, MESHBOOK_STATE_DIR: folder, MESHBOOK_INVENTORY: lab().inventory };
    const args = ['apply', '--yes', '--confirm-timeout', '15', file];
    const runs = async (host: string) =>
      (await on(host, 'ls -1 /var/lib/meshbook/transactions 2>/dev/null || :')).split('\n');
    const old = await runs('docker2');
    const controller = spawn(process.execPath, [bin, ...args], { env, stdio: 'ignore' });
    let home = '';
    await until(async () => {
      const run = (await runs('docker2')).find((id) => !old.includes(id));
      home = `/var/lib/meshbook/transactions/${run}`;
      return (await on('docker2', `grep -s '^wait' ${home}/main/apply.events || :`)) !== '';
    }, 30);
    controller.kill('SIGKILL');
    const reports = () => Promise.all(names.map((host) => on(host, `cat ${home}/report 2>/dev/null || :`)));
    await until(async () => (await reports()).every((report) => report.startsWith('undone by=timer ok')), 90);
    expect(await states()).toEqual(inactive);
    for (const host of names) expect(await on(host, 'ls /run/meshbook 2>/dev/null || :'), host).toBe('');
    await meshbook('recover');
    await expectAsBefore(before);
  });

  it('leave it at the next boot, once Docker is up, unless the run was confirmed', async () => {
    const file = write('armed.yml', play());
    await expectExit(0, 'apply', '--yes', '--no-confirm', '--confirm-timeout', '600', file);
    expect(await state('docker2')).toBe('active');
    await hostStop(lab(), 'docker2');
    await hostStart(lab(), 'docker2');
    await until(async () => (await state('docker2')) === 'inactive', 60);
    const report = 'cat "$(ls -1dt /var/lib/meshbook/transactions/*/ | head -n 1)report" 2>/dev/null || :';
    await until(async () => (await on('docker2', report)) !== '', 60);
    expect(await on('docker2', report)).toMatch(/^undone by=boot ok/);
    expect(await on('docker2', 'ls /etc/systemd/system | grep meshbook || :')).toBe('');
    expect(await on('docker2', "docker network ls --format '{{.Name}}' | sort")).toBe('bridge\nhost\nnone');
    await expectExit(0, 'undo', '--last', '--yes');
    // A boot gives docker0 another MAC address.
    await expectAsBefore(new Map([...before].filter(([host]) => host !== 'docker2')));
  });
});
