import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { statusText } from '../../src/report/run/status-text.ts';
import { statusScript } from '../../src/transaction/host-scripts.ts';
import { parseStatus } from '../../src/transaction/status.ts';

const run = '20260101-000000-abcdef';
const line = (state: string, left: string, holder = 'me@here since 2026-01-01T00:00:00Z', report = '') =>
  `${[run, state, left, holder, report].join('\t')}\n`;

/** Characters that must be escaped for a terminal, except line feeds: a host may have any. */
const dangerous = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

describe('parseStatus', () => {
  it.each([
    [line('pending', '17'), { state: 'pending', secondsLeft: 17, report: '' }],
    [line('pending', '-'), { state: 'pending', report: '' }],
    [line('pending', '-3'), { state: 'pending', secondsLeft: -3, report: '' }],
    [
      line('undone', '-', 'me@here', 'undone by=timer ok at=2026-01-01T00:00:00Z'),
      { state: 'undone', holder: 'me@here', report: 'undone by=timer ok at=2026-01-01T00:00:00Z' },
    ],
  ])('reads %j', (text, wanted) => {
    expect(parseStatus(text)).toEqual([{ run, holder: 'me@here since 2026-01-01T00:00:00Z', ...wanted }]);
  });

  it('reads no run, and several', () => {
    expect(parseStatus('')).toEqual([]);
    expect(parseStatus(line('confirmed', '-') + line('pending', '8'))).toHaveLength(2);
  });

  it.each([
    'hello',
    line('kept', '-'),
    line('pending', 'soon'),
    line('pending', '9'.repeat(400)),
    line('pending', '1', 'me\there'),
    line('pending', '1').slice(0, 20),
    `../../etc\tpending\t-\tme\t\n`,
    `\u001b[2J${line('pending', '1')}`,
  ])('refuses %j', (text) => {
    expect(() => parseStatus(text)).toThrow(RunError);
  });

  it('never accepts garbage, and escapes it for the terminal', () => {
    const garbage = fc.string({ unit: 'binary' });
    const lookalike = fc
      .tuple(fc.constantFrom('pending', 'confirmed', 'undone', 'x'), garbage, garbage, garbage)
      .map(([state, left, holder, report]) => line(state, left, holder, report));
    const nearly = fc.tuple(garbage, garbage).map(([holder, report]) => line('undone', '-', holder, report));
    fc.assert(
      fc.property(fc.oneof(garbage, lookalike, nearly), (text) => {
        let message = '';
        try {
          const transactions = parseStatus(text);
          for (const { run: name, state, secondsLeft = 0 } of transactions) {
            expect(name).toMatch(/^[\w-]+$/);
            expect(['pending', 'confirmed', 'undone']).toContain(state);
            expect(Number.isSafeInteger(secondsLeft)).toBe(true);
          }
          message = statusText(new Map([['a host', { transactions }]]), { color: false });
        } catch (error) {
          expect(error).toBeInstanceOf(RunError);
          const trouble = { code: 'protocol', message: (error as Error).message };
          message = statusText(new Map([['a host', { trouble }]]), { color: false });
        }
        expect(message.trimEnd()).not.toMatch(dangerous);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a host's status of a run with packages only", () => {
  it.each([
    ['stays confirmed if they stay', '', '', 'confirmed'],
    ['is undone once they are removed', '', 'end ok\n', 'undone'],
    ['stays confirmed if that failed', '', 'end failed\n', 'confirmed'],
    ['stays confirmed if there is more', '1\n', 'end ok\n', 'confirmed'],
  ])('%s', (_, journal, undoEvents, state) => {
    const folder = mkdtempSync(join(tmpdir(), 'meshbook-status-'));
    try {
      const files = {
        control: '# one',
        holder: 'me@here\n',
        report: 'confirmed at=2026-01-01T00:00:00Z\n',
        'main/journal': journal,
        'packages/undo.events': undoEvents,
      };
      for (const stage of ['main', 'packages']) mkdirSync(join(folder, run, stage), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, run, name), text);
      symlinkSync('confirmed', join(folder, run, 'decision'));
      const script = statusScript().text.replaceAll('/var/lib/meshbook/transactions', folder);
      const [found] = parseStatus(execFileSync('sh', ['-c', script], { encoding: 'utf8' }));
      expect(found).toMatchObject({ run, state, report: expect.stringMatching(new RegExp(`^${state}`)) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
