import type { CommandResult } from '../../../src/lab/command.ts';
import { hasPower } from '../../../src/lab/host.ts';
import { hostStart, hostStop, labExec } from '../../../src/lab/lab.ts';
import type { LabState } from '../../../src/lab/state.ts';

/** The hosts that a matrix runs on, and how they are got at beside meshbook. */
export interface Machines {
  readonly lab: LabState;
  /** Seconds without progress after which an armed host takes everything back. */
  readonly confirmTimeout: number;
  /** What hosts may need beyond the deadline, in seconds: to notice, to undo, to boot. */
  readonly slack: number;
  /** Seconds after which a controller is taken for one that never ends. */
  readonly patience: number;
  /** Open vSwitch's datapath: the kernel's where the hosts have a kernel of their own. */
  readonly datapath: 'netdev' | 'system';
  /** SSH's settings in the inventory: for how long a connection may be silent. */
  readonly ssh: string;
  /** The address that tunnels end at. */
  underlayAddress(host: string): string;
  /** Runs a script as root, with no part of meshbook. */
  exec(host: string, script: string): Promise<CommandResult>;
  hasPower(host: string): boolean;
  /** Pulls the plug. */
  stop(host: string): Promise<void>;
  start(host: string): Promise<void>;
}

/** The hosts of a lab, which share this machine's kernel. */
export function labMachines(lab: LabState): Machines {
  const hostOf = (name: string) => lab.hosts.find((host) => host.name === name);
  return {
    lab,
    confirmTimeout: 8,
    slack: 75,
    patience: 150,
    datapath: 'netdev',
    // With patience for a dead connection that a test can wait for, and for a host on a busy machine.
    ssh: 'keepalive: 2s, connect_timeout: 10s',
    underlayAddress: (name) => hostOf(name)?.underlayAddress ?? '',
    exec: (host, script) => labExec(lab, host, script),
    hasPower: (name) => {
      const host = hostOf(name);
      return host !== undefined && hasPower(host);
    },
    stop: (host) => hostStop(lab, host),
    start: (host) => hostStart(lab, host),
  };
}
