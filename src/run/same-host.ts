import type { HostTarget } from '../transport/transport.ts';

/** A host in a run's record. */
export interface RecordedHost {
  /** The absolute path of the inventory from which the run was made. */
  readonly inventory?: string | undefined;
  readonly target: HostTarget;
  /** Which machine it was, if known. */
  readonly machine?: string | undefined;
}

/**
 * Whether two runs mean one host: by where they reach it, even under another name in their inventory, or by its name
 * after its address has changed. In another inventory the same address may mean another machine.
 */
export function isSameHost(a: RecordedHost, b: RecordedHost): boolean {
  const isNamesake = a.target.name === b.target.name;
  if (isReachedAt(a.target, b.target))
    return isNamesake || (a.inventory !== undefined && a.inventory === b.inventory);
  const areOthers = a.machine !== undefined && b.machine !== undefined && a.machine !== b.machine;
  return isNamesake && !areOthers;
}

/** Whether two hosts are reached at the same place. */
export function isReachedAt(a: Place, b: Place): boolean {
  return a.address === b.address && a.ssh.port === b.ssh.port;
}

type Place = Pick<HostTarget, 'address' | 'ssh'>;

/** Hosts of several runs, grouped by host, in the order of their first occurrence. */
export function togetherByHost<T>(hosts: readonly T[], recorded: (one: T) => RecordedHost): T[][] {
  const groups: T[][] = [];
  for (const host of hosts) {
    const known = groups.find((group) => group.some((one) => isSameHost(recorded(one), recorded(host))));
    if (known === undefined) groups.push([host]);
    else known.push(host);
  }
  return groups;
}
