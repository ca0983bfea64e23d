import { describe, expect, it } from 'vitest';
import { withChanges } from '../../src/commands/finish.ts';

describe('the result of a host that is confirmed later', () => {
  const before = { outcome: 'armed', changes: 3, notRun: ['2'] } as const;

  it('still counts what the run had changed, and what did not run', () => {
    const result = withChanges({ outcome: 'changed', changes: 0 }, before);
    expect(result).toEqual({ outcome: 'changed', changes: 3, notRun: ['2'] });
  });

  it('is its own if the run was applied once more, or if the host has undone it', () => {
    const again = { outcome: 'changed', changes: 5 } as const;
    expect(withChanges(again, before)).toEqual(again);
    const back = { outcome: 'undone', changes: 0 } as const;
    expect(withChanges(back, before)).toEqual(back);
  });
});
