import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labExec } from '../src/lab/lab.ts';
import { differences, type Snapshot, snapshot } from '../src/lab/snapshot.ts';
import { type LabState, readLab } from '../src/lab/state.ts';

// The main job on three real hosts of a lab of its own, from nothing to nothing. Fails loudly if anything is wrong;
// the lab is removed in any case.
const stateDir = mkdtempSync(join(tmpdir(), 'meshbook-demo-'));
const playbook = new URL('../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;
const bin = new URL('../bin/meshbook', import.meta.url).pathname;

function say(text: string): void {
  console.log(`\n━━ ${text}`);
}

/** Runs meshbook like a user, with its output shown. */
async function meshbook(...args: string[]): Promise<void> {
  console.log(`$ meshbook ${args.join(' ').replaceAll(`${stateDir}/`, '')}`);
  const env = { ...process.env, MESHBOOK_STATE_DIR: stateDir };
  const child = spawn(process.execPath, [bin, ...args], { env, stdio: 'inherit' });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  if (exitCode !== 0) throw new Error(`meshbook ${args[0]} ended with exit code ${exitCode}`);
}

function lab(): LabState {
  const found = readLab(stateDir);
  if (found === undefined) throw new Error('the lab is gone');
  return found;
}

async function on(host: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await labExec(lab(), host, `set -e\n${script}`);
  if (exitCode !== 0) throw new Error(`on ${host}: ${script}\n${stdout}${stderr}`);
  return stdout.trim();
}

async function fetchPage(from: string, to: string): Promise<void> {
  const address = await on(to, "docker inspect -f '{{.NetworkSettings.IPAddress}}' web");
  const page = await on(from, `docker exec web timeout 10 wget -q -O - http://${address}/`);
  console.log(`container on ${from} → http://${address}/ on ${to}: ${page.split('\n')[0]}`);
}

async function snapshots(): Promise<Map<string, Snapshot>> {
  const hosts = lab().hosts.map(({ name }) => name);
  return new Map(
    await Promise.all(
      hosts.map(async (name): Promise<[string, Snapshot]> => [name, await snapshot(lab(), name)]),
    ),
  );
}

async function demo(): Promise<void> {
  say('Three Docker hosts, each with its own systemd, sshd, Docker and Open vSwitch');
  await meshbook('lab', 'up', '--hosts', '3', '--install');
  const inventory = lab().inventory;
  const before = await snapshots();

  say('What would be done? (nothing is written)');
  await meshbook('plan', '-i', inventory, playbook);

  say('Do it');
  await meshbook('apply', '-i', inventory, playbook, '--yes');

  say('A container on docker1 and one on docker3 fetch a page from each other, over GRE');
  for (const host of ['docker1', 'docker3']) await on(host, 'docker run -d --name web lab-web');
  await fetchPage('docker1', 'docker3');
  await fetchPage('docker3', 'docker1');
  console.log(
    await on('docker1', "ovs-vsctl --columns=name,type,options find Interface type=gre | grep -v '^$'"),
  );

  say('Once more: nothing is left to do');
  await meshbook('apply', '-i', inventory, playbook, '--yes');

  say('Take it all back');
  for (const host of ['docker1', 'docker3']) await on(host, 'docker rm -f web');
  await meshbook('undo', '--last', '--yes', '--packages');
  const after = await snapshots();
  const left = [...before].flatMap(([host, old]) =>
    differences(old, after.get(host) as Snapshot).map((line) => `${host}: ${line}`),
  );
  if (left.length > 0) throw new Error(`the hosts are not as before:\n${left.join('\n')}`);
  console.log(
    'Every host is as it was before: OVSDB, links, addresses, routes, firewall, /etc, units, Docker.',
  );
}

const started = Date.now();
try {
  await demo();
} finally {
  say('The lab goes');
  await meshbook('lab', 'down');
  rmSync(stateDir, { recursive: true });
}
console.log(`\nThe demo took ${Math.round((Date.now() - started) / 1000)} s.`);
