import { describe, expect, it } from 'vitest';
import { LiveProgress } from '../../../src/report/run/live-progress.ts';
import { rowText } from '../../../src/report/run/live-row.ts';
import { columnsOf } from '../../../src/report/text/columns.ts';
import { painter } from '../../../src/report/text/paint.ts';
import type { Phase, RunEvent } from '../../../src/run/events.ts';
import { hostile, isSafe } from '../hostile.ts';

const phase = (host: string, name: Phase, state: 'begin' | 'end' = 'begin'): RunEvent => ({
  type: 'phase',
  host,
  phase: name,
  state,
});
const change = (
  host: string,
  step: number | undefined,
  state: 'begin' | 'ok' | 'failed' | 'not-run',
  verb: 'apply' | 'undo' = 'apply',
): RunEvent => ({
  type: 'change',
  host,
  verb,
  stage: 'main',
  id: '1',
  summary: 'update file /x',
  state,
  ...(step === undefined ? {} : { step }),
});

function show(
  events: readonly RunEvent[],
  {
    expected,
    width = 60,
    spinner = '*',
  }: { expected?: number[]; width?: number; spinner?: string | null } = {},
) {
  const progress = new LiveProgress(['First', 'Second'], expected);
  for (const event of events) progress.handle(event);
  const options = { paint: painter(false), width, titleWidth: 10, spinner: spinner ?? undefined };
  return progress.rows.filter(({ begun }) => begun).flatMap((row) => rowText(row, options));
}

describe('the live view', () => {
  it('shows nothing before anything begins', () => {
    expect(show([])).toEqual([]);
  });

  it('has a line for each phase, and names the hosts in it', () => {
    expect(
      show([phase('a', 'connect'), phase('b', 'connect'), phase('a', 'connect', 'end'), phase('a', 'probe')]),
    ).toEqual(['* Connect     1/2 · b', '* Read what…  0/1 · a']);
  });

  it('marks a phase as failed even if the failure arrives after its end', () => {
    const hosts = ['a', 'b'];
    const events = [
      ...hosts.map((host) => phase(host, 'check')),
      ...hosts.map((host) => phase(host, 'check', 'end')),
      {
        type: 'trouble',
        host: 'b',
        trouble: { code: 'check-failed', message: 'b -> a: no answer' },
      } as const,
    ];
    expect(show(events)).toEqual(['✖ Check       1/2, 1 failed', '  b: b -> a: no answer']);
  });

  it('counts a step as done when its host goes on', () => {
    const events = [
      phase('a', 'apply'),
      change('a', 0, 'begin'),
      change('a', 0, 'ok'),
      change('a', 0, 'begin'),
      change('a', 0, 'ok'),
    ];
    expect(show(events)).toEqual(['* First       0/1 · a']);
    expect(show([...events, change('a', 1, 'begin')])).toEqual([
      '✔ First       1/1',
      '* Second      0/1 · a',
    ]);
    expect(show([...events, phase('a', 'apply', 'end')])).toEqual(['✔ First       1/1']);
  });

  it('counts up to the expected number of hosts', () => {
    const events = [
      phase('a', 'apply'),
      change('a', 0, 'begin'),
      change('a', 0, 'ok'),
      phase('a', 'apply', 'end'),
    ];
    expect(show(events, { expected: [3, 0] })).toEqual(['· First       1/3']);
    expect(show(events, { expected: [3, 0], spinner: null })).toEqual(['– First       1/3']);
  });

  it('shows a failure with its host and reason, and prefers the more detailed reason', () => {
    const events = [phase('a', 'apply'), change('a', 0, 'begin'), change('a', 0, 'failed')];
    expect(show(events)).toEqual(['✖ First       0/1, 1 failed', '  a: update file /x failed']);
    const trouble = {
      type: 'trouble',
      host: 'a',
      trouble: { code: 'command-failed', message: 'status 1' },
    } as const;
    expect(show([...events, trouble, phase('a', 'apply', 'end')])).toEqual([
      '✖ First       0/1, 1 failed',
      '  a: status 1',
    ]);
  });

  it('shows an undo as one line', () => {
    const events = [phase('a', 'undo'), change('a', 1, 'begin', 'undo'), change('a', 1, 'ok', 'undo')];
    expect(show(events)).toEqual(['* Undo        0/1 · a']);
    expect(show([...events, phase('a', 'undo', 'end')])).toEqual(['✔ Undo        1/1']);
  });

  it('shows three failures and counts the others, with all hosts of the same one', () => {
    const failing = (same: boolean) =>
      ['a', 'b', 'c', 'd', 'e'].flatMap((host): RunEvent[] => [
        phase(host, 'apply'),
        change(host, 0, 'begin'),
        { type: 'trouble', host, trouble: { code: 'x', message: same ? 'no room' : `no ${host}` } },
      ]);
    expect(show(failing(false))).toHaveLength(5);
    expect(show(failing(false)).at(-1)).toBe('  and 2 more');
    expect(show(failing(true))).toEqual(['✖ First       0/5, 5 failed', '  a, b, c, d, e: no room']);
  });

  it('shows that a command did not run', () => {
    const events = [change('a', 0, 'begin'), change('a', 0, 'not-run'), change('a', 1, 'begin')];
    expect(show(events)[0]).toBe('✔ First       1/1, 1 did not run');
  });

  it('shows why a host is waiting, until it goes on', () => {
    const events: RunEvent[] = [phase('a', 'verify'), { type: 'notice', host: 'a', message: 'trying again' }];
    expect(show(events)).toEqual(['* Verify      0/1 · a', '  a: trying again']);
    expect(show([...events, phase('a', 'verify', 'end')])).toEqual(['✔ Verify      1/1']);
  });

  it.each([
    [20, /^\* First +0\/300$/],
    [40, /^\* First +0\/300 · docker0 \+299$/],
    [80, /^\* First +0\/300 · docker0 docker1 .* \+29\d$/],
  ])('fits into %i columns with 300 hosts', (width, expected) => {
    const events = Array.from({ length: 300 }, (_, i) => [
      phase(`docker${i}`, 'apply'),
      change(`docker${i}`, 0, 'begin'),
    ]).flat();
    const lines = show(events, { width });
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(expected);
  });

  it('escapes control characters', () => {
    const trouble = { type: 'trouble', host: hostile, trouble: { code: hostile, message: hostile } } as const;
    const events = [
      phase(hostile, 'apply'),
      change(hostile, 0, 'begin'),
      trouble,
      phase(`${hostile}2`, 'connect'),
    ];
    expect(show(events, { width: 400 }).join('\n')).toContain('evil');
    expect(isSafe(show(events).join('\n'))).toBe(true);
  });
});
