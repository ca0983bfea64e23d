import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';

/** The maximum: host N has the address .N+10, and .255 is the broadcast address. */
export const maxHosts = 244;
export const maxLabs = 256;

/** Contains one folder per lab of this machine, named by the lab's number: it claims that number. */
export const labsFolder = '/var/lib/meshbook/lab';

/**
 * The names and addresses of one lab, all derived from its number: whatever a crashed `up` or a lost state folder left
 * behind can be found and removed by number alone. Interface names are shorter than 15 characters.
 */
export interface LabLayout {
  readonly number: number;
  /** The hosts' data: file system layers, Docker's data, logs. */
  readonly folder: string;
  /** Prefix of every network namespace, cgroup and interface. */
  readonly prefix: string;
  /** The bridge in the controller's namespace to which the hosts' eth0 are attached. */
  readonly bridge: string;
  readonly bridgeAddress: string;
  /**
   * The namespace of the bridge that joins the hosts' underlay interfaces, out of reach of this machine's firewall.
   */
  readonly switchNamespace: string;
}

export function labLayout(number: number): LabLayout {
  const prefix = `mb${number}`;
  return {
    number,
    folder: join(labsFolder, String(number)),
    prefix,
    bridge: `${prefix}-lab`,
    bridgeAddress: `10.97.${number}.1`,
    switchNamespace: `${prefix}-switch`,
  };
}

export interface HostLayout {
  readonly name: string;
  /** From 1. */
  readonly ordinal: number;
  readonly address: string;
  readonly underlayAddress: string;
  readonly namespace: string;
  /** This machine's end of the host's eth0. */
  readonly link: string;
  readonly folder: string;
  /** The cgroups of the host's processes; nothing else is in them. */
  readonly cgroups: readonly string[];
}

export function hostLayout(lab: LabLayout, ordinal: number): HostLayout {
  const name = `docker${ordinal}`;
  return {
    name,
    ordinal,
    address: `10.97.${lab.number}.${ordinal + 10}`,
    underlayAddress: `10.98.${lab.number}.${ordinal + 10}`,
    namespace: `${lab.prefix}-${name}`,
    link: `${lab.prefix}h${ordinal}`,
    folder: join(lab.folder, name),
    cgroups: cgroupRoots().map((root) => join(root, `${lab.prefix}-${name}`)),
  };
}

/** The same after a reboot, like a network card's. `02:` marks it as locally administered. */
export function mac(lab: LabLayout, ordinal: number, card: (typeof cards)[number]): string {
  const byte = (n: number) => n.toString(16).padStart(2, '0');
  return `02:4d:42:${byte(lab.number)}:${byte(cards.indexOf(card) + 1)}:${byte(ordinal)}`;
}

const cards = ['eth0', 'phy0', 'br-phy'] as const;

/**
 * The hierarchies in which a host needs its own cgroup, the unified one first. In a shared cgroup the hosts' systemds
 * compete for one `payload` group, and units fail at random.
 */
export function cgroupRoots(): string[] {
  if (existsSync('/sys/fs/cgroup/cgroup.procs')) return ['/sys/fs/cgroup'];
  if (!existsSync('/sys/fs/cgroup/unified/cgroup.procs')) {
    throw new RunError('state', 'the lab needs cgroup v2, and this machine has not mounted it', {
      hint: 'mount it on /sys/fs/cgroup/unified, or boot with systemd.unified_cgroup_hierarchy=1',
    });
  }
  return ['/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'].filter((root) => existsSync(root));
}
