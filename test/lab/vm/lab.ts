import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandResult, must, run } from '../../../src/lab/command.ts';
import { labDown, newLab, sshArguments, withHosts } from '../../../src/lab/lab.ts';
import type { LabLayout } from '../../../src/lab/layout.ts';
import { withLock } from '../../../src/lab/lock.ts';
import { requireLinuxRoot, requirePackages } from '../../../src/lab/machine.ts';
import { makeNetworks } from '../../../src/lab/network.ts';
import { buildOnce, buildRootfs } from '../../../src/lab/rootfs.ts';
import type { LabState } from '../../../src/lab/state.ts';
import type { Machines } from '../faults/machines.ts';
import { treeScript } from './tree-script.ts';
import { VirtualMachine } from './vm.ts';

const needs = [
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/usr/bin/qemu-img', 'qemu-utils'],
  ['/sbin/mkfs.ext4', 'e2fsprogs'],
] as const;

/** Time limit for a machine's boot in seconds: software emulation on shared processors. */
const bootLimit = 1800;

/** Virtual machines with their own kernels, with a lab's addresses and keys. */
export class VirtualLab {
  readonly stateDir: string;
  readonly state: LabState;
  readonly #machines: ReadonlyMap<string, VirtualMachine>;

  private constructor(stateDir: string, state: LabState, tree: string) {
    this.stateDir = stateDir;
    this.state = state;
    this.#machines = new Map(
      state.hosts.map((host) => [host.name, new VirtualMachine(state.layout, host, tree)]),
    );
  }

  /** Makes this many machines, all without power. */
  static make(stateDir: string, hosts: number, onProgress: (line: string) => void): Promise<VirtualLab> {
    requireLinuxRoot();
    return withLock(stateDir, async () => {
      await requirePackages(true, onProgress, needs);
      const tree = await buildTree(onProgress);
      const state = await withHosts(await newLab(stateDir, tree), hosts, true);
      await makeNetworks(state.layout);
      await cable(state);
      return new VirtualLab(stateDir, state, tree);
    });
  }

  /** Boots all machines on fresh disks. */
  async boot(): Promise<void> {
    const machines = [...this.#machines.values()];
    await Promise.all(
      machines.map(async (machine) => {
        await machine.powerOff();
        await machine.freshDisk();
        machine.powerOn();
      }),
    );
    await Promise.all(
      machines.map(async ({ host: { name } }) => {
        await this.#awaitBoot(name);
        const image = `systemctl is-active openvswitch-switch networking docker && docker import --change 'CMD ["sleep", "infinity"]' /srv/images/web.tar lab-web`;
        const { exitCode, stdout, stderr } = await this.#exec(name, image);
        if (exitCode !== 0) throw new Error(`${name} is not well: ${stdout}${stderr}`);
      }),
    );
  }

  async down(): Promise<void> {
    await Promise.all([...this.#machines.values()].map((machine) => machine.powerOff()));
    await labDown(this.stateDir);
  }

  get machines(): Machines {
    return {
      lab: this.state,
      confirmTimeout: 30,
      slack: bootLimit,
      patience: bootLimit,
      datapath: 'system',
      ssh: 'keepalive: 5s, connect_timeout: 20s',
      underlayAddress: (name) => this.#machine(name).host.address,
      exec: (name, script) => this.#exec(name, script),
      hasPower: (name) => this.#machine(name).hasPower,
      stop: (name) => this.#machine(name).powerOff(),
      start: async (name) => {
        this.#machine(name).powerOn();
        await this.#awaitBoot(name);
      },
    };
  }

  #machine(name: string): VirtualMachine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  #exec(name: string, script: string): Promise<CommandResult> {
    const options = ['-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=10', '-o', 'LogLevel=ERROR'];
    return run(['ssh', ...options, ...sshArguments(this.state, name), 'sh -s'], script);
  }

  async #awaitBoot(name: string): Promise<void> {
    const end = Date.now() + bootLimit * 1000;
    while (true) {
      const booted = await this.#exec(name, 'timeout 200 systemctl is-system-running --wait; :');
      if (booted.exitCode === 0) return;
      if (!this.#machine(name).hasPower) throw new Error(`${name} has lost its power`);
      if (Date.now() > end) throw new Error(`${name} has not booted in ${bootLimit} s`);
      await sleep(500);
    }
  }
}

/** The file system from which all machines start; built on first use, then cached on this machine. */
async function buildTree(onProgress: (line: string) => void): Promise<string> {
  const rootfs = await buildRootfs(onProgress);
  const recipe = createHash('sha256').update(treeScript).digest('hex').slice(0, 12);
  const tree = `${rootfs}-vm-${recipe}`;
  await buildOnce(tree, treeScript, [rootfs], onProgress);
  return tree;
}

/** All machines and this one on one bridge, out of reach of this machine's firewall. */
async function cable({ layout, hosts }: LabState): Promise<void> {
  const uplink = `${layout.prefix}h0`;
  await must([
    'ip',
    'link',
    'add',
    uplink,
    'type',
    'veth',
    'peer',
    'name',
    'port0',
    'netns',
    layout.switchNamespace,
  ]);
  await must(['ip', 'link', 'set', uplink, 'master', layout.bridge, 'up']);
  await join(layout, 'port0');
  for (const { link } of hosts) {
    await inSwitch(layout, ['tuntap', 'add', link, 'mode', 'tap']);
    await join(layout, link);
  }
}

async function join(layout: LabLayout, link: string): Promise<void> {
  await inSwitch(layout, ['link', 'set', link, 'master', 'underlay', 'up']);
}

async function inSwitch({ switchNamespace }: LabLayout, words: readonly string[]): Promise<void> {
  await must(['ip', '-n', switchNamespace, ...words]);
}
