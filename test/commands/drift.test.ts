import { expect, it } from 'vitest';
import { runsInForce } from '../../src/commands/drift.ts';
import type { RunInForce } from '../../src/plan/owner.ts';

const run = (id: string) => ({ run: id }) as RunInForce;
const kept = (id: string) => ({ run: id, holder: 'ann@vm', since: '2026-01-02T03:04:05Z', pending: false });

it('an armed run that its host has dropped owns nothing there', () => {
  const runs = ['r1', 'r2', 'r3'].map(run);
  const armed = new Set(['r2', 'r3']);
  expect(runsInForce(runs, armed, [kept('r3')])).toEqual(['r1', 'r3'].map(run));
  expect(runsInForce(runs, armed, undefined)).toEqual(runs);
});
