import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { inParallel } from '../run/parallel.ts';
import { type Claim, claimLab, freeClaim, listClaims } from './claims.ts';
import { type CommandResult, must } from './command.ts';
import { awaitBoot, hasPower, hostExec, hostsWithPower, powerOff, powerOn, requireServices } from './host.ts';
import { writeHostFiles } from './host-files.ts';
import { hostLayout, type LabLayout, maxHosts } from './layout.ts';
import { withLock } from './lock.ts';
import { raiseLimits, requireLinuxRoot, requirePackages, requireTun } from './machine.ts';
import { makeNetworks, removeNetworks, setLink } from './network.ts';
import { buildRootfs } from './rootfs.ts';
import { type LabHost, type LabState, labState, readLab, writeLab } from './state.ts';

export interface LabUpOptions {
  readonly stateDir: string;
  /** How many hosts there shall be at least; hosts that exist stay. */
  readonly hosts: number;
  /** Whether missing Debian packages may be installed on this machine. */
  readonly install: boolean;
  /** Whether Docker starts on new hosts; default true. */
  readonly docker?: boolean;
  readonly onProgress?: (line: string) => void;
}

/** Booting is mostly CPU: more hosts at once only make each of them slower. */
const bootsAtOnce = 8;

/**
 * Brings up the lab of a state folder, with every host booted and its services answering: makes the lab,
 * adds hosts to it, or gives power back to hosts that have none. Fails with a RunError; `labDown` then
 * finds whatever was made until there.
 */
export async function labUp(options: LabUpOptions): Promise<LabState> {
  requireLinuxRoot();
  if (!(options.hosts >= 1 && options.hosts <= maxHosts)) {
    throw new RunError('state', `a lab has 1 to ${maxHosts} hosts, not ${options.hosts}`);
  }
  return withLock(options.stateDir, () => up(options));
}

async function up({ stateDir, hosts, install, docker = true, onProgress = () => {} }: LabUpOptions) {
  await requirePackages(install, onProgress);
  await requireTun();
  raiseLimits();
  const rootfs = await buildRootfs(onProgress);

  const existing = readLab(stateDir) ?? (await newLab(stateDir, rootfs));
  await ensureNetworks(existing.layout);
  const lab = await withHosts(existing, hosts, docker);

  const off = lab.hosts.filter((host) => !hasPower(host)).length;
  if (off > 0) onProgress(`Booting ${off} ${off === 1 ? 'host' : 'hosts'}`);
  await inParallel(lab.hosts, bootsAtOnce, async (host) => {
    if (!hasPower(host)) await powerOn(lab.layout, host, lab.rootfs);
    await awaitBoot(host);
    // What a user has broken on an older host is theirs to look at; `up` doesn't mind.
    if (host.ordinal > existing.hosts.length) await requireServices(host, host.docker);
    await importImage(host);
  });
  return lab;
}

/** Claims addresses for a lab without hosts, and makes its keys. */
export async function newLab(stateDir: string, rootfs: string): Promise<LabState> {
  // Labs whose state is gone, and with it their keys, are of no use to anybody.
  for (const { layout, stateDir: owner } of listClaims()) {
    if (owner === resolve(stateDir) || !existsSync(owner)) await removeLab(layout);
  }
  const layout = await claimLab(stateDir);
  const lab = labState(stateDir, layout, rootfs, []);
  await rm(lab.folder, { recursive: true, force: true });
  makeFolder(lab.folder, 0o700);
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'meshbook-lab', '-f', lab.key]);
  writeLab(lab);
  return lab;
}

/** Interfaces and namespaces don't outlive a reboot of this machine, unlike the hosts' disks. */
async function ensureNetworks(layout: LabLayout): Promise<void> {
  if (existsSync(`/sys/class/net/${layout.bridge}`) && existsSync(`/run/netns/${layout.switchNamespace}`))
    return;
  await removeNetworks(layout);
  await makeNetworks(layout);
}

/** The lab with so many hosts at least, their files written and none of them booted. */
export async function withHosts(lab: LabState, count: number, docker: boolean): Promise<LabState> {
  const authorizedKey = await readFile(`${lab.key}.pub`, 'utf8');
  const added: LabHost[] = [];
  for (let ordinal = lab.hosts.length + 1; ordinal <= count; ordinal++) {
    const host = hostLayout(lab.layout, ordinal);
    // What an interrupted `up` has left of it.
    await rm(host.folder, { recursive: true, force: true });
    added.push({ ...host, docker, publicKey: await writeHostFiles(lab.layout, host, authorizedKey, docker) });
  }
  const grown = { ...lab, hosts: [...lab.hosts, ...added] };
  writeLab(grown);
  return grown;
}

export interface HostStatus {
  readonly host: LabHost;
  readonly power: boolean;
}

/** The lab of a state folder and which of its hosts run; undefined when there is none. */
export function labStatus(stateDir: string): { lab: LabState; hosts: HostStatus[] } | undefined {
  const lab = readLab(stateDir);
  return lab && { lab, hosts: lab.hosts.map((host) => ({ host, power: hasPower(host) })) };
}

/**
 * Removes the lab of a state folder: hosts, networks, disks, keys. Also one that was made only half, or
 * whose state folder is gone. Answers whether there was any. The cached root file system stays.
 */
export async function labDown(stateDir: string): Promise<boolean> {
  const folder = resolve(stateDir, 'lab');
  const claims = claimsOf(stateDir);
  if (claims.length === 0 && !existsSync(folder)) return false;
  requireLinuxRoot();
  return withLock(stateDir, async () => {
    for (const { layout } of claims) await removeLab(layout);
    await rm(folder, { recursive: true, force: true });
    return true;
  });
}

/** Every address that a host of a state folder's lab can have, also where the lab's state is gone or can't be read. */
export function labAddresses(stateDir: string): string[] {
  return claimsOf(stateDir).flatMap(({ layout }) =>
    Array.from({ length: maxHosts }, (_, i) => hostLayout(layout, i + 1).address),
  );
}

function claimsOf(stateDir: string): Claim[] {
  return listClaims().filter((claim) => claim.stateDir === resolve(stateDir));
}

/** Removes all that goes by a lab's number, and then frees the number. */
async function removeLab(layout: LabLayout): Promise<void> {
  await Promise.all(hostsWithPower(layout).map(powerOff));
  await removeNetworks(layout);
  await freeClaim(layout);
}

function hostOf(lab: LabState, name: string): LabHost {
  const host = lab.hosts.find((h) => h.name === name);
  if (host) return host;
  const names = lab.hosts.map((h) => h.name).join(', ');
  throw new RunError('state', `the lab has no host ${name}`, {
    hint: `it has ${names || 'no hosts at all'}`,
  });
}

/** Runs a shell script as root on a host by its console, which works whatever its network is like. */
export async function labExec(lab: LabState, name: string, script: string): Promise<CommandResult> {
  return hostExec(hostOf(lab, name), script);
}

/** Cuts a host's power at once, as if its plug were pulled. */
export function hostStop(lab: LabState, name: string): Promise<void> {
  return powerOff(hostOf(lab, name));
}

/** Boots a host that has no power, with the disk it had, and waits until it has booted and SSH answers. */
export async function hostStart(lab: LabState, name: string): Promise<void> {
  const host = hostOf(lab, name);
  if (hasPower(host)) throw new RunError('state', `${name} is running already`, { host: name });
  await powerOn(lab.layout, host, lab.rootfs);
  await awaitBoot(host);
}

/** Cuts a host's power and boots it again. */
export async function hostRestart(lab: LabState, name: string): Promise<void> {
  await hostStop(lab, name);
  await hostStart(lab, name);
}

/** Pulls the cable between this machine and a host: SSH to it ends. The underlay between the hosts stays. */
export function linkDown(lab: LabState, name: string): Promise<void> {
  return setLink(hostOf(lab, name), 'down');
}

export function linkUp(lab: LabState, name: string): Promise<void> {
  return setLink(hostOf(lab, name), 'up');
}

/**
 * Where Docker runs: `docker run lab-web` serves /www on port 80; there is `wget` and `ping` in it too.
 * (Its wget crashes with `-T`, a fault of Debian 12's busybox: use `timeout`.)
 */
async function importImage(host: LabHost): Promise<void> {
  // A container's first process ignores signals that it doesn't handle: without the trap, each stop takes 10 s.
  const command = JSON.stringify(['sh', '-c', "trap 'exit 0' TERM; httpd -f -p 80 -h /www & wait"]);
  const result = await hostExec(
    host,
    `systemctl is-active -q docker || exit 0
docker image inspect lab-web >/dev/null 2>&1 && exit
docker import --change 'ENV PATH=/bin' --change "$(cat <<'END'
CMD ${command}
END
)" /srv/images/web.tar lab-web`,
  );
  if (result.exitCode !== 0) {
    throw new RunError('command-failed', `docker import: ${result.stderr.trim()}`, { host: host.name });
  }
}

/** Arguments for the system's SSH client to reach a host of the lab as root, whatever the user's own settings are. */
export function sshArguments(lab: LabState, name: string): string[] {
  const host = hostOf(lab, name);
  const options = ['IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${lab.knownHosts}`];
  const files = ['-F', 'none', '-i', lab.key];
  return [...files, ...options.flatMap((option) => ['-o', option]), `root@${host.address}`];
}
