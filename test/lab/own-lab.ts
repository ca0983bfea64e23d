import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, inject } from 'vitest';
import { type LabState, readLab } from '../../src/lab/state.ts';

/** The state folder of the lab that this test file has for itself until its end. Empty if there is none. */
export const stateDir = await takeLab(inject('labStateDirs'));

export function lab(): LabState {
  return readLab(stateDir) ?? expect.fail('the test lab is gone');
}

async function takeLab(stateDirs: readonly string[]): Promise<string> {
  if (stateDirs.length === 0) return '';
  // There are as many labs as workers, so one is free as soon as the previous file has ended.
  for (let tries = 0; tries < 300; tries++) {
    for (const stateDir of stateDirs) if (await isMine(stateDir)) return stateDir;
    await sleep(200);
  }
  throw new Error(`every test lab is in use: ${stateDirs.join(', ')}`);
}

/**
 * Takes a lab by binding a socket's name, which only one process can have, and which ends with the process (unix(7),
 * abstract).
 */
async function isMine(stateDir: string): Promise<boolean> {
  const holder = createServer();
  try {
    await once(holder.listen(`\0${stateDir}`), 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  holder.unref();
  // The file's own hooks have run by then.
  afterAll(() => {
    holder.close();
  });
  return true;
}
