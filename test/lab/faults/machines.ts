import type { CommandResult } from '../../../src/lab/command.ts';
import { hasPower } from '../../../src/lab/host.ts';
import { hostStart, hostStop, labExec } from '../../../src/lab/lab.ts';
import type { LabState } from '../../../src/lab/state.ts';

/** The hosts of a matrix, and how to reach them without meshbook. */
export interface Machines {
  readonly lab: LabState;
  /** Seconds without progress after which an armed host undoes the run. */
  readonly confirmTimeout: number;
  /** Seconds that hosts may need beyond the deadline: to notice it, to undo, to boot. */
  readonly slack: number;
  /** Seconds after which a controller counts as hanging. */
  readonly patience: number;
  /** Open vSwitch's datapath: the kernel's if the hosts have a kernel of their own. */
  readonly datapath: 'netdev' | 'system';
  /** SSH settings in the inventory: how long a connection may be silent. */
  readonly ssh: string;
  /** The address of the tunnels' endpoint. */
  underlayAddress(host: string): string;
  /** Runs a script as root, without meshbook. */
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
    // Short enough to wait for a dead connection in a test, and long enough for a busy machine.
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
