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
  /** The minimum number of hosts; existing hosts are kept. */
  readonly hosts: number;
  /** Whether missing Debian packages may be installed on this machine. */
  readonly install: boolean;
  /** Whether Docker starts on new hosts; default true. */
  readonly docker?: boolean;
  readonly onProgress?: (line: string) => void;
}

/** Booting is mostly CPU: more hosts at once only slow each other down. */
const bootsAtOnce = 8;

/**
 * Brings up the lab of a state folder, with every host booted and its services running: creates the lab, adds hosts,
 * or powers hosts on again. Throws a RunError; `labDown` then finds everything made so far.
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
    // `up` doesn't check older hosts: a user may have broken them on purpose.
    if (host.ordinal > existing.hosts.length) await requireServices(host, host.docker);
    await importImage(host);
  });
  return lab;
}

/** Claims addresses for a lab without hosts, and makes its keys. */
export async function newLab(stateDir: string, rootfs: string): Promise<LabState> {
  // A lab without its state has lost its keys, and is of no use.
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

/** A reboot of this machine removes interfaces and namespaces, but not the hosts' disks. */
async function ensureNetworks(layout: LabLayout): Promise<void> {
  if (existsSync(`/sys/class/net/${layout.bridge}`) && existsSync(`/run/netns/${layout.switchNamespace}`))
    return;
  await removeNetworks(layout);
  await makeNetworks(layout);
}

/** The lab with at least this many hosts, their files written, none of them booted. */
export async function withHosts(lab: LabState, count: number, docker: boolean): Promise<LabState> {
  const authorizedKey = await readFile(`${lab.key}.pub`, 'utf8');
  const added: LabHost[] = [];
  for (let ordinal = lab.hosts.length + 1; ordinal <= count; ordinal++) {
    const host = hostLayout(lab.layout, ordinal);
    // The remains of an interrupted `up`.
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

/** The lab of a state folder and the state of its hosts; undefined if there is no lab. */
export function labStatus(stateDir: string): { lab: LabState; hosts: HostStatus[] } | undefined {
  const lab = readLab(stateDir);
  return lab && { lab, hosts: lab.hosts.map((host) => ({ host, power: hasPower(host) })) };
}

/**
 * Removes the lab of a state folder: hosts, networks, disks and keys, even if it is incomplete or its state is gone.
 * Returns whether there was one. The cached root file system is kept.
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

/** Every address that a host of a state folder's lab can have, even if the lab's state is gone or unreadable. */
export function labAddresses(stateDir: string): string[] {
  return claimsOf(stateDir).flatMap(({ layout }) =>
    Array.from({ length: maxHosts }, (_, i) => hostLayout(layout, i + 1).address),
  );
}

function claimsOf(stateDir: string): Claim[] {
  return listClaims().filter((claim) => claim.stateDir === resolve(stateDir));
}

/** Removes everything that belongs to a lab's number, then frees the number. */
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

/** Runs a shell script as root on a host through its console, which works without a network. */
export async function labExec(lab: LabState, name: string, script: string): Promise<CommandResult> {
  return hostExec(hostOf(lab, name), script);
}

/** Cuts a host's power at once, like pulling its plug. */
export function hostStop(lab: LabState, name: string): Promise<void> {
  return powerOff(hostOf(lab, name));
}

/** Boots a host that has no power from its disk, and waits until it has booted and SSH answers. */
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

/** Pulls the cable between this machine and a host: SSH breaks off. The underlay between the hosts stays up. */
export function linkDown(lab: LabState, name: string): Promise<void> {
  return setLink(hostOf(lab, name), 'down');
}

export function linkUp(lab: LabState, name: string): Promise<void> {
  return setLink(hostOf(lab, name), 'up');
}

/**
 * Where Docker runs: `docker run lab-web` serves /www on port 80, and has `wget` and `ping`. (Its wget crashes with
 * `-T`, a bug in Debian 12's busybox: use `timeout`.)
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

/** Arguments with which the system's SSH client reaches a lab host as root, whatever the user's own settings. */
export function sshArguments(lab: LabState, name: string): string[] {
  const host = hostOf(lab, name);
  const options = ['IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${lab.knownHosts}`];
  const files = ['-F', 'none', '-i', lab.key];
  return [...files, ...options.flatMap((option) => ['-o', option]), `root@${host.address}`];
}
