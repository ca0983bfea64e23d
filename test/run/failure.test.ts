import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/run/failure.ts';

const place = { name: 'Make it so', at: 'ml.yml:4' };
const item = { step: 0, summary: 'run command set -e …', place };
const failed = { type: 'failed', id: '1', exitCode: 3, output: 'no such luck\n' } as const;

describe('a failed change', () => {
  it('names its step, file and line, and how it ended', () => {
    expect(failureOf(item, 'apply', failed)).toEqual({
      code: 'command-failed',
      message: 'step "Make it so" (ml.yml:4): exit status 3',
      output: 'no such luck',
      step: place,
      exitStatus: 3,
    });
    expect(failureOf(item, 'undo', failed).message).toBe(
      'undo of step "Make it so" (ml.yml:4): exit status 3',
    );
  });

  it('says in words that it took too long', () => {
    expect(failureOf(item, 'apply', { ...failed, exitCode: 124, timeout: 300 })).toEqual({
      code: 'timeout',
      message: 'step "Make it so" (ml.yml:4): ended after its timeout of 300 s',
      output: 'no such luck',
      step: place,
    });
  });

  it('says that there was no space left, and where', () => {
    const trouble = failureOf(item, 'apply', {
      ...failed,
      full: ['/', '/var'],
      output: 'sh: printf: I/O error',
    });
    expect(trouble.message).toBe('step "Make it so" (ml.yml:4): exit status 3; no space left on /, /var');
    expect(trouble.hint).toContain('df');
  });

  it('says that output is cut, and begins with a whole line', () => {
    expect(
      failureOf(item, 'apply', { ...failed, output: 'rest\nwhole one\nwhole two\n', cut: 5000 }).output,
    ).toBe('(cut: the last 19 of 5000 bytes)\nwhole one\nwhole two');
  });

  it('of a settle action names the steps that needed it', () => {
    const settle = { summary: 'settle docker', after: [place, { name: 'Older' }] };
    expect(failureOf(settle, 'apply', failed).message).toBe(
      'settle docker, once after step "Make it so" (ml.yml:4), step "Older": exit status 3',
    );
  });
});
