import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../diagnostics/errors.ts';
import { type CommandResult, environment, run } from './command.ts';
import { hostScript } from './host-script.ts';
import { cgroupRoots, type HostLayout, hostLayout, type LabLayout, mac } from './layout.ts';

/** Powers the host on. It keeps running when this process ends, and gets no Ctrl-C of its terminal. */
export async function powerOn(lab: LabLayout, host: HostLayout, rootfs: string): Promise<void> {
  await powerOff(host);
  const log = openSync(join(host.folder, 'console.log'), 'a');
  const args = [
    ...[
      host.name,
      host.folder,
      rootfs,
      host.namespace,
      host.link,
      mac(lab, host.ordinal, 'eth0'),
      lab.bridge,
    ],
    ...[lab.switchNamespace, `port${host.ordinal}`, mac(lab, host.ordinal, 'phy0'), ...host.cgroups],
  ];
  const child = spawn('sh', ['-c', hostScript, 'lab-host', ...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: environment,
    cwd: '/',
  });
  child.unref();
  closeSync(log);
  await waitFor(`${host.name} to have power`, 10, async () => hasPower(host) || child.exitCode !== null);
}

/** Cuts the host's power: all its processes are killed at once. Its disk is left as it is. */
export async function powerOff(host: HostLayout): Promise<void> {
  const [cgroup = ''] = host.cgroups;
  if (existsSync(cgroup)) writeFileSync(join(cgroup, 'cgroup.kill'), '1');
  await waitFor(`${host.name} to stop`, 10, async () => !hasPower(host));
  for (const path of host.cgroups.filter(existsSync)) {
    // A killed process leaves its cgroup a moment after its death.
    await waitFor(`${path} to be removed`, 10, async () => {
      await run(['find', path, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']);
      return !existsSync(path);
    });
  }
}

/** Whether any process of the host is running. */
export function hasPower(host: HostLayout): boolean {
  const events = join(host.cgroups[0] ?? '', 'cgroup.events');
  return existsSync(events) && readFileSync(events, 'utf8').includes('populated 1');
}

/** Every host of a lab that has a cgroup on this machine, whether or not a state file knows it. */
export function hostsWithPower(lab: LabLayout): HostLayout[] {
  const prefix = `${lab.prefix}-docker`;
  const names = cgroupRoots().flatMap((root) => readdirSync(root).filter((name) => name.startsWith(prefix)));
  return [...new Set(names)].map((name) => hostLayout(lab, Number(name.slice(prefix.length))));
}

/** Waits until the host has booted, even with failed units, and its sshd runs; at most 60 s. */
export async function awaitBoot(host: HostLayout): Promise<void> {
  await waitFor(`${host.name} to boot`, 60, async () => {
    if (hasPower(host)) return systemdProcess(host) !== undefined;
    const log = join(host.folder, 'console.log');
    throw new RunError('command-failed', `${host.name} could not be booted`, {
      host: host.name,
      hint: `its console is in ${log}`,
    });
  });
  // systemd answers only once its bus exists.
  const booted = `
    i=0
    until [ -S /run/dbus/system_bus_socket ] || [ $i -ge 300 ]; do sleep 0.1; i=$((i + 1)); done
    timeout 60 systemctl is-system-running --wait >/dev/null`;
  await hostExec(host, booted);
  await requireUnits(host, ['ssh', 'networking']);
}

/** Fails unless Docker and Open vSwitch run, on a host that nobody has changed yet. */
export function requireServices(host: HostLayout, docker: boolean): Promise<void> {
  return requireUnits(host, ['openvswitch-switch', 'lab-underlay', ...(docker ? ['docker'] : [])]);
}

async function requireUnits(host: HostLayout, units: readonly string[]): Promise<void> {
  const { exitCode, stdout } = await hostExec(host, `systemctl is-active ${units.join(' ')}`);
  if (exitCode === 0) return;
  const { stdout: failed } = await hostExec(host, 'systemctl --no-pager --no-legend --plain --failed');
  const states = stdout
    .trim()
    .split('\n')
    .map((state, index) => `${units[index]} ${state}`);
  throw new RunError(
    'command-failed',
    `${host.name} has booted with errors: ${states.join(', ')}\n${failed}`,
    {
      host: host.name,
      hint: `\`systemctl status\` on it says more; its console is in ${join(host.folder, 'console.log')}`,
    },
  );
}

/** Runs a shell script as root on the host, through its console, so it works without a network. */
export async function hostExec(host: HostLayout, script: string): Promise<CommandResult> {
  const leader = systemdProcess(host);
  if (leader === undefined) throw new RunError('state', `${host.name} has no power`, { host: host.name });
  // A cgroup beside systemd's own, so that what the script starts ends with the host, not with this process.
  const console = join(host.cgroups[0] ?? '', 'console');
  mkdirSync(console, { recursive: true });
  const enter = `echo $$ >"$1/cgroup.procs" && exec nsenter --target "$2" --all ${hostEnvironment} sh -s`;
  return run(['sh', '-c', enter, 'console', console, String(leader)], script);
}

const hostEnvironment =
  '/usr/bin/env -i -C / HOME=/root USER=root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The host's PID 1 in this machine's numbering; undefined until systemd runs. */
function systemdProcess(host: HostLayout): number | undefined {
  const path = join(host.cgroups[0] ?? '', 'host/payload/init.scope/cgroup.procs');
  if (!existsSync(path)) return undefined;
  const [first] = readFileSync(path, 'utf8').split('\n');
  return first ? Number(first) : undefined;
}

async function waitFor(what: string, seconds: number, done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > end) throw new RunError('timeout', `waited ${seconds} s for ${what}`);
    await sleep(25);
  }
}
