import { describe, expect, it } from 'vitest';
import { jsonReporter } from '../../../src/report/run/json-reporter.ts';
import { plainReporter } from '../../../src/report/run/plain-reporter.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { hostile, isSafe } from '../hostile.ts';

const change = {
  type: 'change',
  host: 'a',
  verb: 'apply',
  stage: 'main',
  id: '1',
  step: 0,
  summary: 'create bridge br0',
} as const;
const settle = {
  type: 'change',
  host: 'a',
  verb: 'apply',
  stage: 'main',
  id: 's1',
  summary: 'settle docker',
} as const;
const trouble = { code: 'command-failed', message: 'it broke', hint: 'mend it', output: 'one\r\ntwo\n' };

function plain(...events: RunEvent[]): string {
  let text = '';
  const reporter = plainReporter((piece) => {
    text += piece;
  });
  for (const event of events) reporter.handle(event);
  return text;
}

describe('plainReporter', () => {
  it('reports a host as checked only if none of its checks failed', () => {
    const end = (host: string) => ({ type: 'phase', host, phase: 'check', state: 'end' }) as const;
    const failed = {
      type: 'check',
      host: 'b',
      target: 'a',
      check: 0,
      name: 'Near',
      state: 'failed',
    } as const;
    const ok = { ...failed, host: 'a', target: 'b', state: 'ok' } as const;
    expect(plain(ok, failed, end('a'), end('b'))).toBe('a: checked\n');
  });

  it('reports what is done, host by host', () => {
    const text = plain(
      { type: 'run-started', run: 'r1', verb: 'apply', hosts: ['a', 'b'] },
      { type: 'phase', host: 'a', phase: 'connect', state: 'begin' },
      { type: 'phase', host: 'a', phase: 'connect', state: 'end' },
      { ...change, state: 'begin' },
      { ...change, state: 'ok' },
      { ...settle, state: 'ok' },
      { type: 'phase', host: 'a', phase: 'verify', state: 'end' },
      { ...change, host: 'b', state: 'failed' },
      { type: 'trouble', host: 'b', trouble },
      { type: 'phase', host: 'b', phase: 'verify', state: 'end' },
      { type: 'phase', host: 'a', phase: 'undo', state: 'begin' },
      { ...change, verb: 'undo', state: 'ok' },
    );
    expect(text).toMatchInlineSnapshot(`
      "run r1: apply on 2 hosts
      a: create bridge br0
      a: restart Docker
      a: verified
      b: FAILED: it broke
      b:   hint: mend it
      b:   | one
      b:   | two
      a: undoing
      a: undo create bridge br0
      "
    `);
  });

  it('reports commands that did not run, and why a host is waiting', () => {
    const text = plain(
      { ...change, summary: 'run command make', state: 'not-run' },
      { type: 'notice', host: 'a', message: 'the connection is lost, trying again' },
    );
    expect(text).toBe(
      'a: did not run, nothing to do: run command make\na: the connection is lost, trying again\n',
    );
  });

  it.each<[string, RunEvent]>([
    ['a host', { type: 'phase', host: hostile, phase: 'verify', state: 'end' }],
    ['a summary', { ...change, summary: hostile, state: 'ok' }],
    ['a settle action', { ...settle, summary: `settle restart:${hostile}`, state: 'ok' }],
    [
      'trouble',
      {
        type: 'trouble',
        host: hostile,
        trouble: { code: hostile, message: hostile, hint: hostile, output: hostile },
      },
    ],
    ['a run', { type: 'run-started', run: hostile, verb: 'apply', hosts: [hostile] }],
  ])('escapes %s', (_, event) => {
    const text = plain(event);
    expect(text).toContain('evil');
    expect(isSafe(text)).toBe(true);
  });

  it("begins every line of a failed command's output with its host", () => {
    for (const line of plain({ type: 'trouble', host: 'a', trouble }).trimEnd().split('\n'))
      expect(line).toMatch(/^a: /);
  });
});

describe('jsonReporter', () => {
  it('writes one line per event, with the time', () => {
    const lines: string[] = [];
    const reporter = jsonReporter(
      (text) => lines.push(text),
      () => new Date('2026-11-21T01:02:03.004Z'),
    );
    reporter.handle({ ...change, state: 'ok' });
    reporter.handle({ type: 'trouble', host: hostile, trouble: { ...trouble, output: hostile } });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: '2026-11-21T01:02:03.004Z', ...change, state: 'ok' },
      {
        at: '2026-11-21T01:02:03.004Z',
        type: 'trouble',
        host: hostile,
        trouble: { ...trouble, output: hostile },
      },
    ]);
    for (const line of lines) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(isSafe(line)).toBe(true);
    }
  });
});
