import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeMac } from '../src/changes/link/link.ts';
import type { Fleet } from './fleet.ts';
import { type Cost, type Measured, measure } from './measure.ts';

/** What is measured of one contestant in one round. */
export type Phase = 'first apply' | 'no-op' | 'undo';

export interface Contestant {
  readonly name: string;
  /** Does the job on hosts in their initial state, does it again, and restores the hosts. */
  round(): Promise<Partial<Record<Phase, Cost>>>;
}

const here = import.meta.dirname;
const meshbookProgram = join(here, '../bin/meshbook');

/** The key exchange and cipher that cost OpenSSH the least; its default is a post-quantum one that costs far more. */
export const cheapHandshake = [
  '-o',
  'KexAlgorithms=curve25519-sha256',
  '-o',
  'Ciphers=aes128-gcm@openssh.com',
];

/** `ssh HOST true`: the minimum for every tool that starts OpenSSH clients. */
export function floor(fleet: Fleet, name: string, options: readonly string[] = []): Contestant {
  return { name, round: async () => ({ 'no-op': await overSsh(fleet, '', options) }) };
}

/** The hand-written script. */
export function reference(fleet: Fleet, name: string, options: readonly string[] = []): Contestant {
  const script = join(here, 'reference.sh');
  return {
    name,
    round: async () => {
      const first = await overSsh(fleet, script, options);
      const again = await overSsh(fleet, script, options);
      mustHaveChanged(
        first.stdout.split('\n').filter((line) => line === 'changed newbridge').length,
        fleet,
        name,
      );
      if (again.stdout !== '') throw new Error(`${name}: the second run changed something: ${again.stdout}`);
      await reset(fleet);
      return { 'first apply': first, 'no-op': again };
    },
  };
}

export function meshbook(fleet: Fleet): Contestant {
  return {
    name: 'meshbook',
    round: async () => {
      const first = await measure(meshbookArgv(fleet, ['apply', '--yes']), fleet);
      const again = await measure(meshbookArgv(fleet, ['apply', '--yes']), fleet);
      mustHaveChanged(first.stdout.match(/^docker\d+ +changed/gm)?.length ?? 0, fleet, 'meshbook');
      if (!again.stdout.includes('No changes'))
        throw new Error(`meshbook: the second run changed something\n${again.stdout}`);
      const state = join(fleet.folder, 'meshbook');
      const undo = await measure([meshbookProgram, 'undo', '--last', '--yes', '--state-dir', state], fleet);
      return { 'first apply': first, 'no-op': again, undo };
    },
  };
}

/** Ansible in its faster form, if it is installed. Its second run finds the first one's connections open. */
export function ansible(fleet: Fleet): Contestant | undefined {
  const program = ['/usr/bin', '/usr/local/bin']
    .map((path) => join(path, 'ansible-playbook'))
    .find(existsSync);
  if (program === undefined) return undefined;
  const inventory = join(fleet.folder, 'ansible.ini');
  const hosts = fleet.lab.hosts.map(
    ({ name, address, underlayAddress, ordinal }) =>
      `${name} ansible_host=${address} ordinal=${ordinal} underlay_address=${underlayAddress} mac=${bridgeMac(name, 'newbridge')}`,
  );
  writeFileSync(inventory, `[docker_hosts]\n${hosts.join('\n')}\n`);
  const settings = {
    ANSIBLE_HOME: join(fleet.folder, 'ansible'),
    ANSIBLE_PIPELINING: '1',
    ANSIBLE_NOCOWS: '1',
    ANSIBLE_SSH_ARGS: [...fleet.sshArguments, '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s'].join(
      ' ',
    ),
    ANSIBLE_REMOTE_USER: 'root',
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
  };
  const environment = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const argv = ['env', ...environment, program, '-f', '50', '-i', inventory, join(here, 'ansible.yml')];
  return {
    name: 'Ansible, pipelining',
    round: async () => {
      const first = await measure(argv, fleet);
      const again = await measure(argv, fleet);
      mustHaveChanged(first.stdout.match(/^docker\d+ +: .*changed=[1-9]/gm)?.length ?? 0, fleet, 'Ansible');
      if (/changed=[1-9]/.test(again.stdout))
        throw new Error(`Ansible: the second run changed something\n${again.stdout}`);
      await mustBeDone(fleet, 'Ansible');
      await reset(fleet);
      return { 'first apply': first, 'no-op': again };
    },
  };
}

/** Proves that the reference does the same job. */
export async function proveEqualJobs(fleet: Fleet): Promise<void> {
  await overSsh(fleet, join(here, 'reference.sh'), []);
  await mustBeDone(fleet, 'the reference');
  await reset(fleet);
}

/** The job is done if meshbook's plan is empty. */
async function mustBeDone(fleet: Fleet, name: string): Promise<void> {
  const argv = meshbookArgv(fleet, ['plan', '--detailed-exitcode', '--diff']);
  const { exitCode, stdout } = await measure(argv, { ...fleet, expected: [0, 2] });
  if (exitCode !== 0) throw new Error(`after ${name}, meshbook still sees something to do:\n${stdout}`);
}

/** Restores the hosts' initial state. */
export async function reset(fleet: Fleet): Promise<void> {
  await overSsh(fleet, join(here, 'reset.sh'), cheapHandshake);
}

function overSsh(fleet: Fleet, script: string, options: readonly string[]): Promise<Measured> {
  return measure(
    ['sh', join(here, 'parallel-ssh.sh'), fleet.table, script, ...options, ...fleet.sshArguments],
    fleet,
  );
}

function meshbookArgv(fleet: Fleet, command: readonly string[]): string[] {
  const files = [
    '-i',
    fleet.lab.inventory,
    '--state-dir',
    join(fleet.folder, 'meshbook'),
    join(here, 'mesh.yml'),
  ];
  return [meshbookProgram, ...command, ...files];
}

function mustHaveChanged(count: number, fleet: Fleet, name: string): void {
  const all = fleet.lab.hosts.length;
  if (count !== all) throw new Error(`${name}: the first apply changed ${count} of ${all} hosts`);
}
