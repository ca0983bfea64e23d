import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import type { HostResult, Outcome } from '../../src/run/events.ts';
import { exitCodeOf, troubleOf } from '../../src/run/trouble.ts';

const trouble = { code: 'x', message: 'x' };
const result = (outcome: Outcome, failed = false): HostResult => ({
  outcome,
  changes: 0,
  ...(failed ? { trouble } : {}),
});

describe('exitCodeOf', () => {
  it.each<[string, HostResult[], boolean, number]>([
    ['nothing to do', [result('unchanged')], false, 0],
    ['all changed', [result('changed'), result('unchanged')], false, 0],
    ['an undo that was asked for', [result('undone')], false, 0],
    ['an undo that left something alone', [{ ...result('undone'), left: ['1'] }, result('undone')], false, 4],
    ['an unreachable host', [result('changed'), result('unreachable', true)], false, 3],
    ['a failed host', [result('undone', true), result('unreachable', true)], false, 4],
    ['a host in doubt', [result('in-doubt', true), result('undone', true)], false, 5],
    ['an interruption', [result('undone'), result('unreachable', true)], true, 130],
    ['a doubt that is worse than an interruption', [result('in-doubt', true)], true, 5],
  ])('%s', (_, results, interrupted, expected) => {
    expect(exitCodeOf(results, interrupted)).toBe(expected);
  });
});

describe('troubleOf', () => {
  it('marks a bug as one, so that the run still undoes what it began', () => {
    expect(troubleOf(new TypeError('x is not a function'))).toMatchObject({
      code: 'internal',
      hint: 'please report it',
    });
  });

  it('keeps the message of other errors', () => {
    expect(troubleOf(new RunError('timeout', 'too slow', { hint: 'wait' }))).toEqual({
      code: 'timeout',
      message: 'too slow',
      hint: 'wait',
    });
  });
});
