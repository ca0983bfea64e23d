import { describe, expect, it } from 'vitest';
import { recapText } from '../../../src/report/run/recap.ts';
import { columnsOf } from '../../../src/report/text/columns.ts';
import type { HostResult } from '../../../src/run/events.ts';
import { hostile, isSafe } from '../hostile.ts';

const trouble = {
  code: 'command-failed',
  message: 'create bridge br0: apply failed with status 2',
  output: 'RTNETLINK answers:\nFile exists\n',
};
const finished = (results: Record<string, HostResult>) =>
  ({ type: 'run-finished', run: 'R1', exitCode: 0, results }) as const;
const plain = { color: false, width: 80 };

describe('recapText', () => {
  it('counts what an undo left alone, and says how to undo that as well', () => {
    const results = finished({
      docker1: { outcome: 'undone', changes: 3, left: ['2', '4'] },
      docker2: { outcome: 'undone', changes: 5 },
      docker3: { outcome: 'undone', changes: 0, left: ['1'] },
    });
    expect(recapText({ ...results, undoes: 'R0' }, plain)).toMatchInlineSnapshot(`
      "
      docker1  partly undone   3 changes; 2 conflicts left alone
      docker2  undone          5 changes
      docker3  nothing undone  1 conflict left alone

      Run R1: 3 hosts: 1 partly undone, 1 undone, 1 nothing undone.
      Conflicts were left alone. To undo them as well:
        meshbook undo R0 --limit docker1,docker3 --force
      "
    `);
  });

  it('says until when hosts are armed, and how to keep the run', () => {
    const armedUntil = new Date(2026, 0, 2, 3, 4, 5).toISOString();
    const results = finished({
      docker1: { outcome: 'armed', changes: 3, armedUntil },
      docker2: { outcome: 'unchanged', changes: 0 },
    });
    expect(recapText(results, plain)).toMatchInlineSnapshot(`
      "
      docker1  armed      3 changes
      docker2  no change

      Run R1: 2 hosts: 1 no change, 1 armed.
      Armed hosts undo the run at 03:04:05 unless it is confirmed:
        meshbook confirm R1
      "
    `);
    expect(recapText(results, { ...plain, since: new Map([['docker1', '']]) })).not.toContain('confirm');
  });

  it('shows what was not restored, although nothing failed', () => {
    const notices = ['container web does not start again: bind source path does not exist: /srv/web'];
    const results = finished({
      docker1: { outcome: 'changed', changes: 3, notices },
      docker2: { outcome: 'changed', changes: 3 },
    });
    expect(recapText(results, plain)).toMatchInlineSnapshot(`
      "
      docker1  changed  3 changes
               ! container web does not start again: bind source path does not exist:
                 /srv/web
      docker2  changed  3 changes

      Run R1: 2 hosts: 2 changed. Not everything is as before on 1 host: see the lines
      with '!'.
      "
    `);
  });

  it('says how each host ended, and what to do', () => {
    const text = recapText(
      finished({
        docker10: { outcome: 'changed', changes: 12 },
        docker2: { outcome: 'unchanged', changes: 0 },
        docker3: { outcome: 'undone', changes: 3, trouble },
        docker4: { outcome: 'undone', changes: 1 },
        docker5: { outcome: 'not-started', changes: 0 },
        docker6: { outcome: 'kept', changes: 3, trouble: { code: 'state', message: 'not as planned' } },
        docker7: {
          outcome: 'unreachable',
          changes: 0,
          trouble: { code: 'connect-timeout', message: 'no answer', hint: 'is it up?' },
        },
        docker8: { outcome: 'in-doubt', changes: 0, trouble: { code: 'connection-lost', message: 'gone' } },
      }),
      plain,
    );
    expect(text).toMatchInlineSnapshot(`
      "
      docker2   no change
      docker3   undone        3 changes; create bridge br0: apply failed with status 2
                              (command-failed)
                | RTNETLINK answers:
                | File exists
      docker4   undone        1 change
      docker5   not started
      docker6   failed, kept  3 changes; not as planned (state)
      docker7   unreachable   no answer (connect-timeout)
                hint: is it up?
      docker8   IN DOUBT      gone (connection-lost)
      docker10  changed       12 changes

      Run R1: 8 hosts: 1 no change, 1 changed, 2 undone, 1 not started, 1 failed and
      kept, 1 unreachable, 1 in doubt.
      Failed hosts were left as they are. To undo what was changed on them:
        meshbook undo R1 --limit docker6
      The state of hosts in doubt is unknown. meshbook status asks them. To settle
      them, once they answer:
        meshbook recover R1
      "
    `);
  });

  it('shows equal troubles of several hosts once, with their names, and repeats no output', () => {
    const hosts = Object.fromEntries(
      ['docker1', 'docker2', 'docker3'].map(
        (host) => [host, { outcome: 'undone', changes: 2, trouble }] as const,
      ),
    );
    const text = recapText(
      finished({ ...hosts, docker4: { outcome: 'unchanged', changes: 0, notRun: ['1'] } }),
      { ...plain, width: 100 },
    );
    expect(text).toMatchInlineSnapshot(`
      "
      docker1  undone     2 changes
      docker2  undone     2 changes
      docker3  undone     2 changes
      docker4  no change  1 command did not run: nothing to do

      docker1, docker2, docker3: create bridge br0: apply failed with status 2 (command-failed)
        | RTNETLINK answers:
        | File exists

      Run R1: 4 hosts: 1 no change, 3 undone.
      "
    `);
    expect(recapText(finished(hosts), { ...plain, shown: true })).not.toContain('RTNETLINK');
  });

  it('names the run that was undone', () => {
    const text = recapText({ ...finished({ a: { outcome: 'in-doubt', changes: 0 } }), undoes: 'R0' }, plain);
    expect(text).toContain('  meshbook undo R0 --limit a\n');
  });

  it('summarises a successful run in one sentence', () => {
    const text = recapText(
      finished({ a: { outcome: 'changed', changes: 1 }, b: { outcome: 'changed', changes: 1 } }),
      plain,
    );
    expect(text).toBe('\na  changed  1 change\nb  changed  1 change\n\nRun R1: 2 hosts: 2 changed.\n');
  });

  it('has colours only on request', () => {
    const run = finished({ a: { outcome: 'in-doubt', changes: 0, trouble } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
    const uncolored = recapText(run, { ...plain, color: true }).replace(/\u001b\[\d+m/g, '');
    expect(uncolored).toBe(recapText(run, plain));
  });

  it('fits into the width, except output of commands and commands to type', () => {
    const text = recapText(
      finished({ docker1: { outcome: 'undone', changes: 3, trouble: { ...trouble, output: '' } } }),
      { ...plain, width: 40 },
    );
    expect(Math.max(...text.split('\n').map(columnsOf))).toBeLessThanOrEqual(40);
  });

  it('escapes output of hosts, and quotes names for the shell', () => {
    const evil = { code: hostile, message: hostile, hint: hostile, output: hostile };
    const text = recapText(
      {
        ...finished({ [`${hostile}; $(rm)`]: { outcome: 'kept', changes: 1, trouble: evil } }),
        run: hostile,
      },
      plain,
    );
    expect(text).toContain('evil');
    expect(isSafe(text)).toBe(true);
    expect(text).toMatch(/--limit 'evil.*; \$\(rm\)'\n/);
  });
});
