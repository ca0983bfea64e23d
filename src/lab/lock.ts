import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { makeFolder } from '../files/make-folder.ts';

/**
 * Runs the work while no other process creates or removes the lab of this state folder; otherwise throws a RunError.
 */
export async function withLock<T>(stateDir: string, work: () => Promise<T>): Promise<T> {
  const path = resolve(stateDir, 'lab.lock');
  try {
    makeFolder(resolve(stateDir));
    take(path);
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    throw new RunError('state', `can't write ${path}: ${(cause as Error).message}`, { cause });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): void {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(readFileSync(path, 'utf8'));
    if (isRunning(holder)) {
      throw new RunError('state', `another process (${holder}) is at work on this lab`, {
        hint: 'wait for it to end',
      });
    }
    // Its holder was killed. The work itself finds and repairs what was left unfinished.
    rmSync(path, { force: true });
    take(path);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
