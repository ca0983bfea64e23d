import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one run of a program cost. */
export interface Cost {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of CPU, user and system, of the program and its children. */
  readonly cpu: number;
  /** Seconds of CPU that all hosts together used in the meantime. */
  readonly hosts: number;
  /** MB (10^6 bytes) of its largest process. */
  readonly rss: number;
}

export interface Measured extends Cost {
  readonly exitCode: number;
  readonly stdout: string;
}

export interface MeasureOptions {
  /** For our own files. */
  readonly folder: string;
  /** The cgroups of the hosts whose CPU counts. */
  readonly cgroups?: readonly string[];
  /** Exit codes. */
  readonly expected?: readonly number[];
}

/**
 * Runs a program from start to end. Its cost is that of wait4(2), by GNU time.
 * @throws Error if the exit code is not `expected`: the figures would mean nothing.
 */
export async function measure(
  argv: readonly string[],
  { folder, cgroups = [], expected = [0] }: MeasureOptions,
): Promise<Measured> {
  const file = join(folder, 'cost');
  const before = cpuOf(cgroups);
  const started = performance.now();
  const { exitCode, stdout, stderr } = await run([
    '/usr/bin/time',
    '-q',
    '-f',
    '%U %S %M',
    '-o',
    file,
    ...argv,
  ]);
  const wall = (performance.now() - started) / 1000;
  const hosts = cpuOf(cgroups) - before;
  if (!expected.includes(exitCode)) {
    throw new Error(
      `${argv.slice(0, 4).join(' ')} … exited with ${exitCode}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`,
    );
  }
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  return { wall, cpu: user + system, hosts, rss: (kilobytes * 1024) / 1e6, exitCode, stdout };
}

/** Seconds of CPU that all cgroups have used so far. */
function cpuOf(cgroups: readonly string[]): number {
  const used = cgroups.map((cgroup) =>
    Number(/^usage_usec (\d+)/m.exec(readFileSync(join(cgroup, 'cpu.stat'), 'utf8'))?.[1]),
  );
  return used.reduce((sum, one) => sum + one, 0) / 1e6;
}

function run(argv: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 255, ...output }));
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/** The interquartile range of the values relative to their median: the noise of the machine's other work. */
export function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
  return (at(0.75) - at(0.25)) / median(values);
}
