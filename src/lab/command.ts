import { spawn } from 'node:child_process';
import { RunError } from '../diagnostics/errors.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Plain `su` leaves root's program folders out of PATH; messages are in English. */
export const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8' };

/** Runs a program of this machine until it exits. Fails only if the program can't be started. */
export function run(argv: readonly string[], input = ''): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', env: environment });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A program that doesn't read its input closes the pipe; only its exit code counts.
    child.stdin.on('error', () => {});
    child.on('error', (cause) => reject(new RunError('command-failed', `can't run ${program}`, { cause })));
    child.on('close', (code) => {
      resolve({
        exitCode: code ?? 255,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
    child.stdin.end(input);
  });
}

/** Like `run`, but a failing program is an error. Returns its stdout. */
export async function must(argv: readonly string[], input = ''): Promise<string> {
  const result = await run(argv, input);
  if (result.exitCode === 0) return result.stdout;
  const said = result.stderr.trim() || result.stdout.trim() || `exit code ${result.exitCode}`;
  throw new RunError('command-failed', `${argv.slice(0, 3).join(' ')}: ${said}`);
}
