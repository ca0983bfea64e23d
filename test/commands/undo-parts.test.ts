import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/commands/output/io.ts';
import { refuseUndo, stoppedText } from '../../src/commands/output/undo-parts.ts';
import type { RunRecord } from '../../src/journal/record.ts';
import type { UndoFleet } from '../../src/run/undo.ts';

/** The message that refuses an undo, if the hosts of `answers` can be undone and others can't. */
function refused(
  answers: readonly string[],
  failed: Readonly<Record<string, 'unreachable' | 'state' | 'locked'>>,
  skipUnreachable = false,
): [number | undefined, string] {
  let said = '';
  const io = { err: (text: string) => (said += text) } as unknown as Io;
  const fleet = {
    runs: [],
    failed: new Map(
      Object.entries(failed).map(([host, code]) => [
        host,
        {
          outcome: code === 'unreachable' ? code : 'not-started',
          changes: 0,
          trouble: { code, message: '' },
        },
      ]),
    ),
    talks: answers.map((name) => ({ target: { name } })),
  } as unknown as UndoFleet;
  return [refuseUndo(fleet, { skipUnreachable }, io), said];
}

describe('an undo that is not possible on every host', () => {
  it('is allowed if all hosts can do it', () => {
    expect(refused(['a', 'b'], {})).toEqual([undefined, '']);
  });

  it('waits for unreachable hosts, unless the user chooses to go on without them', () => {
    expect(refused(['a'], { b: 'unreachable' })).toEqual([
      3,
      'Nothing was undone anywhere, because a host is unreachable. --skip-unreachable goes on without it; meshbook runs forget is for one that is gone for good.\n',
    ]);
    expect(refused(['a'], { b: 'unreachable' }, true)).toEqual([undefined, '']);
  });

  it('names the part that is possible if hosts have lost what the undo needs, and is still refused', () => {
    for (const skip of [false, true]) {
      const [code, said] = refused(['a', 'd'], { b: 'state', c: 'unreachable' }, skip);
      expect(code).toBe(4);
      expect(said).toContain('are gone from b. --limit a,d undoes it without');
    }
    expect(refused([], { b: 'state' })[1]).not.toContain('--limit');
  });
});

describe('an undo on a host that another run has locked', () => {
  it('is refused everywhere, and says how to wait for it', () => {
    expect(refused(['a'], { b: 'locked' }, true)).toEqual([
      4,
      'Nothing was undone anywhere, because another run holds b. --wait 5m waits for it.\n',
    ]);
  });
});

describe('an undo of several runs that stops at one', () => {
  const runs = ['r4', 'r3', 'r2'].map((id) => ({ id }) as RunRecord);

  it('says where it stopped and how to go on', () => {
    expect(stoppedText(runs, 'r3', 'r1')).toBe(
      "Stopped at run r3, which isn't undone on every host.\nTaken back: r4.\nNot begun: r2.\nOnce that run is settled, continue with: meshbook undo --to r1\n",
    );
    expect(stoppedText(runs, 'r4', 'r1')).not.toContain('Taken back:');
  });
});
