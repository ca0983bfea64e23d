import { expect, it } from 'vitest';
import { type Ending, endingOf, type RunEnd } from '../../src/run/ending.ts';

const good: RunEnd = { failed: false, interrupted: false, onFailure: 'undo_all', leaveArmed: false };
const bad: RunEnd = { ...good, failed: true };

it.each<[string, RunEnd, usable: Ending, troubled: Ending]>([
  ['a successful run is confirmed', good, 'confirm', 'confirm'],
  ['with --no-confirm it stays armed', { ...good, leaveArmed: true }, 'stays-armed', 'stays-armed'],
  ['undo_all undoes every host', bad, 'undo', 'undo'],
  ['undo_host undoes the hosts in trouble', { ...bad, onFailure: 'undo_host' }, 'confirm', 'undo'],
  [
    'undo_host undoes every host of an interrupted run',
    { ...bad, onFailure: 'undo_host', interrupted: true },
    'undo',
    'undo',
  ],
  ['keep undoes no host', { ...bad, onFailure: 'keep' }, 'confirm', 'confirm'],
  [
    'keep undoes no host of an interrupted run',
    { ...bad, onFailure: 'keep', interrupted: true },
    'confirm',
    'confirm',
  ],
  ['a failed run is decided in spite of --no-confirm', { ...bad, leaveArmed: true }, 'undo', 'undo'],
])('%s', (_, run, usable, troubled) => {
  expect(endingOf({ troubled: false }, run)).toBe(usable);
  expect(endingOf({ troubled: true }, run)).toBe(troubled);
});
