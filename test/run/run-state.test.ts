import { describe, expect, it } from 'vitest';
import { expired, parseRunState } from '../../src/run/run-state.ts';
import { parseReport } from '../../src/transaction/status.ts';

const at = 'at=2026-01-01T00:00:00Z';

describe('what a host has done without its controller', () => {
  it.each([
    [
      `undone by=timer ok ${at}`,
      'undone',
      'the host has undone everything on its own when its deadline had passed',
    ],
    [`undone by=boot ok ${at}`, 'undone', 'the host has undone everything on its own when it booted'],
    [`undone by=asked ok left=2 ${at}`, 'undone', 'the host has undone everything when it was asked to'],
    [
      `undone by=boot failed ${at}`,
      'in-doubt',
      'the host has undone what it could, but not everything, on its own when it booted',
    ],
    ['', 'in-doubt', 'the host undoes everything on its own, but has not finished'],
    [`confirmed ${at}`, 'in-doubt', 'the host undoes everything on its own, but has not finished'],
    ['undone by=somebody ok', 'in-doubt', 'the host undoes everything on its own, but has not finished'],
  ])('%j is %s', (report, outcome, message) => {
    expect(expired(parseReport(report))).toEqual({ outcome, trouble: { code: 'expired', message } });
  });

  it('says that not everything is restored if a container does not start again', () => {
    const notices = ['container web does not start again: no such file'];
    expect(expired({ by: 'timer', ok: true, notices })).toEqual({
      outcome: 'undone',
      trouble: {
        code: 'expired',
        message:
          'the host has undone everything on its own when its deadline had passed, but not everything is as before',
      },
      notices,
    });
  });

  it('is asked about one run only', () => {
    const line = 'R1\tundone\t-\tme\t\n';
    expect(parseRunState('R1', line)).toEqual({ run: 'R1', state: 'undone', holder: 'me', report: '' });
    expect(() => parseRunState('R2', line)).toThrow('the host knows nothing of run R2');
    expect(() => parseRunState('R1', '')).toThrow('the host knows nothing of run R1');
  });
});
