import { expect, inject } from 'vitest';
import { type LabState, readLab } from '../../src/lab/state.ts';

const labs = inject('labStateDirs');

/** The state folder of this worker's lab; files that run side by side have a lab each. Empty where there can be none. */
export const stateDir = labs[(Number(process.env.VITEST_POOL_ID) - 1) % labs.length] ?? '';

export function lab(): LabState {
  return readLab(stateDir) ?? expect.fail('the test lab is gone');
}
