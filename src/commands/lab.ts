import { spawn } from 'node:child_process';
import { exitCodes, RunError } from '../diagnostics/errors.ts';
import { Journal } from '../journal/journal.ts';
import { labAddresses, labDown, labStatus, labUp, sshArguments } from '../lab/lab.ts';
import type { Io } from './output/io.ts';

/** `meshbook lab up`: throwaway hosts, and the inventory that names them. */
export async function labUpCommand(
  options: { readonly stateDir: string; readonly hosts: number; readonly install?: boolean },
  io: Io,
): Promise<number> {
  const lab = await labUp({
    ...options,
    install: options.install ?? false,
    onProgress: (line) => io.out(`${line}\n`),
  });
  const names = lab.hosts.map((host) => `${host.name} ${host.address}`);
  io.out(`The lab is up: ${names.join(', ')}\nIts inventory is ${lab.inventory}\n`);
  return exitCodes.done;
}

/** `meshbook lab status`: its hosts and their states. */
export async function labStatusCommand(options: { readonly stateDir: string }, io: Io): Promise<number> {
  const status = labStatus(options.stateDir);
  if (!status) {
    io.out('There is no lab; `meshbook lab up` makes one\n');
    return exitCodes.done;
  }
  for (const { host, power } of status.hosts) {
    const state = power ? 'running' : 'off';
    io.out(`${host.name}  ${host.address}  underlay ${host.underlayAddress}  ${state}\n`);
  }
  io.out(`Its inventory is ${status.lab.inventory}\n`);
  return exitCodes.done;
}

/** `meshbook lab ssh HOST`: a shell on a host, or one command there. Returns the SSH client's exit code. */
export async function labSshCommand(
  host: string,
  command: readonly string[],
  options: { readonly stateDir: string },
): Promise<number> {
  const status = labStatus(options.stateDir);
  if (!status) throw new RunError('state', 'there is no lab', { hint: 'run `meshbook lab up`' });
  const client = spawn('ssh', [...sshArguments(status.lab, host), ...command], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    client.on('error', (cause) => reject(new RunError('command-failed', "can't run ssh", { cause })));
    client.on('close', (code) => resolve(code ?? 255));
  });
}

/**
 * `meshbook lab down`: removes everything that `lab up` made, except the cached root file system. Runs of the same
 * state folder on its hosts are gone with them, and are forgotten.
 */
export async function labDownCommand(options: { readonly stateDir: string }, io: Io): Promise<number> {
  const addresses = labAddresses(options.stateDir);
  const wasThere = await labDown(options.stateDir);
  io.out(wasThere ? 'The lab is gone\n' : 'There was no lab\n');
  const forgotten = forgetHosts(new Journal(options.stateDir), new Set(addresses));
  if (forgotten.length > 0) {
    io.out(`Forgotten, because their hosts are gone: ${forgotten.map((id) => `run ${id}`).join(', ')}\n`);
  }
  return exitCodes.done;
}

/** Forgets runs on the hosts with these addresses. Returns the runs. */
export function forgetHosts(journal: Journal, addresses: ReadonlySet<string>): string[] {
  return journal.list().flatMap((run) => {
    if (run.verb !== 'apply') return [];
    const hosts = journal.leftToUndo(run, true).filter(({ target }) => addresses.has(target.address));
    if (hosts.length === 0) return [];
    journal.forget(
      run.id,
      hosts.map(({ target }) => target.name),
    );
    return [run.id];
  });
}
