import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readStored } from '../files/read-stored.ts';
import { type HostLayout, hostLayout, type LabLayout, labLayout } from './layout.ts';

export interface LabHost extends HostLayout {
  /** Whether Docker starts with the host; it is installed either way. */
  readonly docker: boolean;
  /** Type and key, as in a known_hosts line. */
  readonly publicKey: string;
}

/** A lab as its state folder describes it. */
export interface LabState {
  readonly layout: LabLayout;
  /** `<stateDir>/lab`: keys, known_hosts, inventory and this state. */
  readonly folder: string;
  readonly inventory: string;
  /** The private key that root, `op` and `nopw` of every host accept. */
  readonly key: string;
  readonly knownHosts: string;
  readonly rootfs: string;
  readonly hosts: readonly LabHost[];
}

interface StateFile {
  number: number;
  rootfs: string;
  hosts: { docker: boolean; publicKey: string }[];
}

export function labState(
  stateDir: string,
  layout: LabLayout,
  rootfs: string,
  hosts: readonly LabHost[],
): LabState {
  const folder = resolve(stateDir, 'lab');
  return {
    layout,
    folder,
    inventory: join(folder, 'inventory.yml'),
    key: join(folder, 'key'),
    knownHosts: join(folder, 'known_hosts'),
    rootfs,
    hosts,
  };
}

/**
 * The lab of a state folder, whether or not its hosts run; undefined if there is none.
 * @throws RunError `state` if the saved state can't be read.
 */
export function readLab(stateDir: string): LabState | undefined {
  const path = resolve(stateDir, 'lab', 'state.json');
  if (!existsSync(path)) return undefined;
  const file = readStored<StateFile>(
    stateDir,
    path,
    `meshbook lab down --state-dir ${stateDir} removes the lab all the same`,
  );
  const layout = labLayout(file.number);
  const hosts = file.hosts.map((host, index) => ({ ...hostLayout(layout, index + 1), ...host }));
  return labState(stateDir, layout, file.rootfs, hosts);
}

/** Writes the state, and beside it what SSH and meshbook need to reach the hosts. Each file is written whole. */
export function writeLab(lab: LabState): void {
  const state: StateFile = {
    number: lab.layout.number,
    rootfs: lab.rootfs,
    hosts: lab.hosts.map(({ docker, publicKey }) => ({ docker, publicKey })),
  };
  writeWhole(lab.knownHosts, lab.hosts.map((host) => `${host.address} ${host.publicKey}\n`).join(''));
  writeWhole(lab.inventory, inventoryText(lab.hosts));
  writeWhole(join(lab.folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
}

function inventoryText(hosts: readonly LabHost[]): string {
  const lines = hosts.map(
    (h) => `      ${h.name}: { address: ${h.address}, underlay_address: ${h.underlayAddress} }`,
  );
  return `# Written by \`meshbook lab up\`, and again whenever the lab grows.
groups:
  docker_hosts:
    vars: { ovs_datapath: netdev }
    hosts:
${lines.join('\n')}
ssh: { user: root, identity_file: ./key, known_hosts: ./known_hosts }
`;
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
