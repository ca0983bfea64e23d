import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { Turns } from '../../src/run/turns.ts';
import { EventReader } from '../../src/transaction/events.ts';

const ids = ['1', '2', '3', 's1', 's2'];

/** The error in events, which are in short form: `b1 o1` is `begin 1`, `ok 1`. */
function judge(verb: 'apply' | 'undo', short: string): string | undefined {
  const words: Record<string, string> = {
    b: 'begin',
    o: 'ok',
    x: 'not-run',
    f: 'failed',
    n: 'notice',
    e: 'end',
    w: 'wait',
  };
  const more: Record<string, string> = { f: ' 1 eA==', n: ' eA==' };
  const lines = short
    .split(' ')
    .map((one) => `${words[one.charAt(0)]} ${one.slice(1)}${more[one.charAt(0)] ?? ''}\n`);
  const turns = new Turns(verb, ids);
  try {
    for (const event of new EventReader(9).push(lines.join(''))) turns.take(event);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(RunError);
    expect((error as RunError).code).toBe('protocol');
    return (error as RunError).message;
  }
}

describe("a host's report about a program", () => {
  it.each([
    ['apply', 'b1 o1 b2 n2 n2 x2 bs1 os1 b3 o3 bs2 os2 eok'],
    ['apply', 'w1 b1 o1 w2 b2 o2 bs1 os1 b3 o3 bs2 os2 eok'],
    ['apply', 'w1 estopped'],
    ['apply', 'b1 o1 b2 f2 efailed'],
    ['apply', 'b1 o1 estopped'],
    // It could not write the journal entry for this one.
    ['apply', 'b1 o1 f2 efailed'],
    ['apply', 'b1 o1 b2 o2 bs1 os1 b3 o3 bs2 os2 efailed'],
    ['undo', 'b3 o3 b2 f2 b1 o1 bs1 os1 bs2 os2 efailed'],
    ['undo', 'b2 o2 bs2 os2 eok'],
    ['undo', 'eok'],
    ['undo', 'ebusy'],
  ] as const)('is accepted if the program can do that: %s, %s', (verb, short) => {
    expect(judge(verb, short)).toBeUndefined();
  });

  it.each([
    ['more than one end of a change', 'apply', 'b1 o1 o1'],
    ['more than one begin', 'apply', 'b1 b1'],
    ['a change that had already ended', 'apply', 'b1 o1 b1'],
    ['an end without a begin', 'apply', 'o1'],
    ['a change within another', 'apply', 'b1 b2'],
    ['a change before its predecessor', 'apply', 'b2'],
    ['a settle action before its predecessor', 'apply', 'bs2'],
    ['a change that is not in the stage', 'apply', 'b1 o1 b2 o2 b3 o3 b4'],
    ['a notice about a change that was not begun', 'apply', 'n1'],
    ['a wait for what has begun', 'apply', 'b1 w1'],
    ['a second wait for the same', 'apply', 'w1 w1'],
    ['a wait in an undo', 'undo', 'w1'],
    ['something after a failure', 'apply', 'b1 f1 b2'],
    ['a successful end without all changes', 'apply', 'b1 o1 eok'],
    ['an end in the middle of a change', 'apply', 'b1 efailed'],
    ['something after the end', 'apply', 'b1 o1 estopped b2'],
    ['an undo that goes forwards', 'undo', 'b1 o1 b2'],
    ['an undo that undoes a change twice', 'undo', 'b2 o2 b2'],
    ['an undo that settles before its changes', 'undo', 'bs1 os1 b1'],
    ['an undo that fails at a change that it did not begin', 'undo', 'f1'],
  ] as const)('is refused if it is %s', (_, verb, short) => {
    expect(judge(verb, short)).toMatch(/^the host reports what no program of ours does next: /);
  });

  it('gives at most one begin and one end for each change, whatever a host invents', () => {
    const event = fc
      .tuple(fc.constantFrom('begin', 'ok', 'not-run'), fc.constantFrom(...ids))
      .map(([type, id]) => ({ type, id }) as const);
    fc.assert(
      fc.property(
        fc.constantFrom('apply' as const, 'undo' as const),
        fc.array(event, { maxLength: 60 }),
        (verb, all) => {
          const turns = new Turns(verb, ids);
          const taken = all.filter((one) => {
            try {
              turns.take(one);
              return true;
            } catch {
              return false;
            }
          });
          expect(taken.length).toBeLessThanOrEqual(2 * ids.length);
        },
      ),
    );
  });
});
