import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { environment, must } from '../../../src/lab/command.ts';
import { type LabLayout, mac } from '../../../src/lab/layout.ts';
import type { LabHost } from '../../../src/lab/state.ts';

// A machine's own layer over the tree becomes the content of its disk; the disk is kept unchanged, and the machine
// writes to a second file.
const makeDisk = `set -eu
tree=$1 folder=$2
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
mkfs.ext4 -q -F -d "$folder/root" "$folder/disk.raw" 3G
`;

/** A virtual machine with its own kernel; it ends with this process. */
export class VirtualMachine {
  readonly host: LabHost;
  readonly #layout: LabLayout;
  readonly #tree: string;
  #process: ChildProcess | undefined;

  constructor(layout: LabLayout, host: LabHost, tree: string) {
    this.#layout = layout;
    this.host = host;
    this.#tree = tree;
  }

  /** A disk without any writes. */
  async freshDisk(): Promise<void> {
    const { folder } = this.host;
    await must([
      'sh',
      '-c',
      `[ -e "$2/disk.raw" ] || unshare --mount sh -c "$3" disk "$1" "$2"
qemu-img create -q -f qcow2 -F raw -b "$2/disk.raw" "$2/disk.qcow2"`,
      'disk',
      this.#tree,
      folder,
      makeDisk,
    ]);
  }

  get hasPower(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  powerOn(): void {
    const { folder, ordinal, link, name } = this.host;
    const log = openSync(join(folder, 'console.log'), 'a');
    // What the machine has not synced is in its own memory, and is lost with it: writeback only spares this machine's
    // disk.
    const drive = `file=${join(folder, 'disk.qcow2')},format=qcow2,if=virtio,cache=writeback`;
    // On a busy machine units take minutes: systemd would give up after one and a half.
    const append =
      'root=/dev/vda rw console=ttyS0 quiet apparmor=0 selinux=0 net.ifnames=0 systemd.default_timeout_start_sec=900';
    this.#process = spawn(
      'setpriv',
      [
        ...['--pdeathsig', 'KILL', 'nsenter', `--net=/run/netns/${this.#layout.switchNamespace}`],
        ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-name', name],
        ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', '1024', '-serial', 'stdio'],
        ...['-kernel', join(this.#tree, 'boot/vmlinuz'), '-initrd', join(this.#tree, 'boot/initrd.img')],
        ...['-append', append, '-drive', drive, '-device', 'virtio-rng-pci'],
        ...['-netdev', `tap,id=eth0,ifname=${link},script=no,downscript=no`],
        ...['-device', `virtio-net-pci,netdev=eth0,mac=${mac(this.#layout, ordinal, 'eth0')}`],
      ],
      { stdio: ['ignore', log, log], env: environment, cwd: '/' },
    );
    closeSync(log);
  }

  /** Ends the machine like a pulled plug: what its kernel had not yet written is lost. */
  async powerOff(): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.hasPower) return;
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}
