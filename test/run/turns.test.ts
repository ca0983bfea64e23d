import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { Turns } from '../../src/run/turns.ts';
import { EventReader } from '../../src/transaction/events.ts';

const ids = ['1', '2', '3', 's1', 's2'];

/** What is wrong with events in short: `b1 o1` is `begin 1`, `ok 1`. */
function judge(verb: 'apply' | 'undo', short: string): string | undefined {
  const words: Record<string, string> = {
    b: 'begin',
    o: 'ok',
    x: 'not-run',
    f: 'failed',
    n: 'notice',
    e: 'end',
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

describe('what a host reports of a program', () => {
  it.each([
    ['apply', 'b1 o1 b2 n2 n2 x2 bs1 os1 b3 o3 bs2 os2 eok'],
    ['apply', 'b1 o1 b2 f2 efailed'],
    ['apply', 'b1 o1 estopped'],
    // It could not write down that it begins this one.
    ['apply', 'b1 o1 f2 efailed'],
    ['apply', 'b1 o1 b2 o2 bs1 os1 b3 o3 bs2 os2 efailed'],
    ['undo', 'b3 o3 b2 f2 b1 o1 bs1 os1 bs2 os2 efailed'],
    ['undo', 'b2 o2 bs2 os2 eok'],
    ['undo', 'eok'],
    ['undo', 'ebusy'],
  ] as const)('is believed where it is what the program does: %s, %s', (verb, short) => {
    expect(judge(verb, short)).toBeUndefined();
  });

  it.each([
    ['more than one end of a change', 'apply', 'b1 o1 o1'],
    ['more than one begin', 'apply', 'b1 b1'],
    ['a change that was ended before', 'apply', 'b1 o1 b1'],
    ['an end without a begin', 'apply', 'o1'],
    ['a change within another', 'apply', 'b1 b2'],
    ['a change that another comes before', 'apply', 'b2'],
    ['a settle action that another comes before', 'apply', 'bs2'],
    ['a change that is none of the stage', 'apply', 'b1 o1 b2 o2 b3 o3 b4'],
    ['a notice of what was not begun', 'apply', 'n1'],
    ['something after a failure', 'apply', 'b1 f1 b2'],
    ['a good end without all changes', 'apply', 'b1 o1 eok'],
    ['an end in the middle of a change', 'apply', 'b1 efailed'],
    ['something after the end', 'apply', 'b1 o1 estopped b2'],
    ['an undo that goes forwards', 'undo', 'b1 o1 b2'],
    ['an undo that takes a change back twice', 'undo', 'b2 o2 b2'],
    ['an undo that settles before its changes', 'undo', 'bs1 os1 b1'],
    ['an undo that fails at what it did not begin', 'undo', 'f1'],
  ] as const)('is refused where it is %s', (_, verb, short) => {
    expect(judge(verb, short)).toMatch(/^the host reports what no program of ours does next: /);
  });

  it('comes to no more than a begin and an end for each change, whatever a host makes up', () => {
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
