import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { labDown, labUp } from '../../src/lab/lab.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** State folder of a lab with three running hosts; empty where this machine can't run one. */
    labStateDir: string;
  }
}

const prefix = 'meshbook-test-lab-';

/** Gives all lab tests of a run one lab of three hosts, and takes it down after them. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.warn('The lab tests are skipped: they need root on Linux.');
    project.provide('labStateDir', '');
    return undefined;
  }
  await removeAbandoned();
  const stateDir = join(tmpdir(), `${prefix}${process.pid}`);
  mkdirSync(stateDir, { mode: 0o700 });
  const down = async () => {
    await labDown(stateDir);
    rmSync(stateDir, { recursive: true });
  };
  try {
    await labUp({ stateDir, hosts: 3, install: true, onProgress: (line) => console.log(line) });
  } catch (error) {
    await down();
    throw error;
  }
  project.provide('labStateDir', stateDir);
  return down;
}

/** A test run that was killed could not take its lab down. */
async function removeAbandoned(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const name of folders.filter((folder) => !isRunning(Number(folder.slice(prefix.length))))) {
    await labDown(join(tmpdir(), name));
    rmSync(join(tmpdir(), name), { recursive: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
