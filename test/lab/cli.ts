import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { labExec } from '../../src/lab/lab.ts';
import { differences, type Snapshot, snapshot } from '../../src/lab/snapshot.ts';
import { lab, stateDir } from './own-lab.ts';

const bin = new URL('../../bin/meshbook', import.meta.url).pathname;

export { lab, stateDir };
export const names = ['docker1', 'docker2', 'docker3'];

/** A folder for the files and runs of one test file. */
export const folder = mkdtempSync(join(tmpdir(), 'meshbook-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line like a user, without a terminal. */
export function meshbook(...args: string[]): Promise<CliResult> {
  return start(args, undefined);
}

/** The same, with Ctrl-C as soon as its stdout contains a text. */
export function interruptAt(text: string, ...args: string[]): Promise<CliResult> {
  return start(args, { text, act: (child) => child.kill('SIGINT') });
}

/** The same, with `work` as soon as its stdout contains a text; ends when both have ended. */
export async function meanwhile(
  text: string,
  act: () => Promise<unknown>,
  ...args: string[]
): Promise<CliResult> {
  let done: Promise<unknown> = Promise.resolve();
  const result = await start(args, {
    text,
    act: () => {
      done = act();
    },
  });
  await done;
  return result;
}

interface At {
  readonly text: string;
  readonly act: (child: ChildProcess) => void;
}

function start(args: readonly string[], at: At | undefined): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, MESHBOOK_STATE_DIR: folder, MESHBOOK_INVENTORY: lab().inventory };
    const child = spawn(process.execPath, [bin, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (at !== undefined && !stdout.includes(at.text) && (stdout + text).includes(at.text)) at.act(child);
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** The same; with another exit code, everything that it printed becomes the failure message. */
export async function expectExit(exitCode: number, ...args: string[]): Promise<CliResult> {
  const result = await meshbook(...args);
  if (result.exitCode !== exitCode) {
    expect.fail(
      `meshbook ${args.join(' ')} ended with ${result.exitCode}, not ${exitCode}\n${result.stdout}\n${result.stderr}`,
    );
  }
  return result;
}

/** The output of a script on a host; fails the test if the script fails. */
export async function on(host: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await labExec(lab(), host, `set -e\n${script}`);
  if (exitCode !== 0) expect.fail(`on ${host}, status ${exitCode}: ${script}\n${stdout}\n${stderr}`);
  return stdout.trim();
}

export async function snapshots(hosts: readonly string[] = names): Promise<Map<string, Snapshot>> {
  return new Map(
    await Promise.all(
      hosts.map(async (host): Promise<[string, Snapshot]> => [host, await snapshot(lab(), host)]),
    ),
  );
}

/** Every host's canonical facts are equal to those before. */
export async function expectAsBefore(before: ReadonlyMap<string, Snapshot>): Promise<void> {
  const now = await snapshots([...before.keys()]);
  for (const [host, old] of before) {
    expect({ host, differences: differences(old, now.get(host) as Snapshot) }).toEqual({
      host,
      differences: [],
    });
  }
}

/** Writes a file into the test's folder and returns its path. */
export function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** The changes of `plan --format json`, a line each: `host: action noun target`. */
export async function plannedChanges(...args: string[]): Promise<string[]> {
  const { stdout } = await expectExit(0, 'plan', '--format', 'json', ...args);
  const plan = JSON.parse(stdout) as {
    hosts: Record<string, { steps: { changes: { action: string; noun: string; target: string }[] }[] }>;
  };
  return Object.entries(plan.hosts).flatMap(([host, { steps }]) =>
    steps.flatMap(({ changes }) =>
      changes.map(({ action, noun, target }) => `${host}: ${action} ${noun} ${target}`),
    ),
  );
}
