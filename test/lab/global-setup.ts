import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { labDown, labUp } from '../../src/lab/lab.ts';
import { labsAtOnce } from './labs-at-once.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /**
     * State folders of labs with three running hosts each, one for each worker; empty if this machine can't run any.
     */
    labStateDirs: string[];
  }
}

const prefix = 'meshbook-test-lab-';

/** Gives each worker for lab tests a lab of three hosts, and removes the labs afterwards. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.warn('The lab tests are skipped: they need root on Linux.');
    project.provide('labStateDirs', []);
    return undefined;
  }
  await removeAbandoned();
  const stateDirs = Array.from({ length: labsAtOnce }, (_, i) =>
    join(tmpdir(), `${prefix}${process.pid}-${i + 1}`),
  );
  const down = async () => {
    for (const stateDir of stateDirs) {
      await labDown(stateDir);
      rmSync(stateDir, { recursive: true, force: true });
    }
  };
  try {
    for (const stateDir of stateDirs) {
      mkdirSync(stateDir, { mode: 0o700 });
      await labUp({ stateDir, hosts: 3, install: true, onProgress: (line) => console.log(line) });
    }
  } catch (error) {
    await down();
    throw error;
  }
  project.provide('labStateDirs', stateDirs);
  return down;
}

/** A killed test run could not remove its lab. */
async function removeAbandoned(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const name of folders.filter(
    (folder) => !isRunning(Number.parseInt(folder.slice(prefix.length), 10)),
  )) {
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
