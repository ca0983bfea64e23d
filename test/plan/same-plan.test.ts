import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { HostPlan } from '../../src/plan/host-plan.ts';
import { sameIntent, samePlan } from '../../src/plan/same-plan.ts';

const plan = (...changes: Change[]): HostPlan => ({
  host: 'a',
  steps: [{ index: 0, name: 'a step', kind: 'file', changes, unknowns: [] }],
});
const file = (path: string, content: string, old?: string): Change => {
  const owned = { mode: '0644', owner: 'root', group: 'root' };
  const before = old === undefined ? null : ({ kind: 'text', content: old, ...owned } as const);
  return { type: 'file', path, before, after: { content, ...owned } };
};

describe('samePlan', () => {
  it('is true for equal plans only', () => {
    expect(samePlan(plan(file('/a', 'x')), plan(file('/a', 'x')))).toBe(true);
    expect(samePlan(plan(file('/a', 'x')), plan(file('/a', 'x', 'was there')))).toBe(false);
  });
});

describe('sameIntent', () => {
  it.each([
    ['nothing is left to do', plan(), undefined],
    ['another state before leads to the same', plan(file('/a', 'x', 'brought by a package')), undefined],
    ['another content', plan(file('/a', 'y')), 'it would create file /a'],
    ['another file', plan(file('/a', 'x'), file('/b', 'x')), 'it would create file /b'],
  ])('%s', (_, fresh, expected) => {
    expect(sameIntent(fresh, plan(file('/a', 'x')))).toBe(expected);
  });
});
