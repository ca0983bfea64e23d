import { spawn } from 'node:child_process';
import { exitCodes, RunError } from '../diagnostics/errors.ts';
import { labDown, labStatus, labUp, sshArguments } from '../lab/lab.ts';
import type { Io } from './io.ts';

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

/** `meshbook lab status`: its hosts, and which of them run. */
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

/** `meshbook lab ssh HOST`: a shell on a host, or one command there. Answers with the SSH client's exit code. */
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

/** `meshbook lab down`: removes all that `lab up` made, except the cached root file system. */
export async function labDownCommand(options: { readonly stateDir: string }, io: Io): Promise<number> {
  io.out((await labDown(options.stateDir)) ? 'The lab is gone\n' : 'There was no lab\n');
  return exitCodes.done;
}
