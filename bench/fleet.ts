import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeMac } from '../src/changes/link/link.ts';
import { labExec, labUp, sshArguments } from '../src/lab/lab.ts';
import type { LabState } from '../src/lab/state.ts';

/** The lab's hosts, and what the contestants need to reach them. */
export interface Fleet {
  readonly lab: LabState;
  /** For parallel-ssh.sh: a line for each host, with the arguments of reference.sh. */
  readonly table: string;
  readonly sshArguments: readonly string[];
  /** For our files. */
  readonly folder: string;
  /** One for each host, with everything that runs there. */
  readonly cgroups: readonly string[];
}

/** Brings up hosts, or more of them, on which nothing of the job is done except the package that it needs. */
export async function fleetOf(count: number, folder: string): Promise<Fleet> {
  const lab = await labUp({
    stateDir: folder,
    hosts: count,
    install: false,
    docker: false,
    onProgress: console.error,
  });
  for (const { name } of lab.hosts) {
    const { exitCode, stderr } = await labExec(lab, name, 'apt-get install -y -qq bridge-utils >/dev/null');
    if (exitCode !== 0) throw new Error(`${name}: ${stderr}`);
  }
  const table = join(folder, 'table');
  const peers = lab.hosts.map(({ name, underlayAddress }) => `${name}=${underlayAddress}`);
  const lines = lab.hosts.map(({ name, address, underlayAddress, ordinal }) =>
    [
      address,
      // As mesh.yml allocates them.
      `10.11.0.${ordinal}/16`,
      bridgeMac(name, 'newbridge'),
      `10.11.${ordinal}.0/24`,
      underlayAddress,
      ...peers.filter((peer) => !peer.startsWith(`${name}=`)),
    ].join(' '),
  );
  writeFileSync(table, `${lines.join('\n')}\n`);
  const [first] = lab.hosts;
  return {
    lab,
    table,
    sshArguments: sshArguments(lab, first?.name ?? '').slice(0, -1),
    folder,
    cgroups: lab.hosts.flatMap(({ cgroups }) => cgroups.slice(0, 1)),
  };
}
