import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { EventReader } from '../../src/transaction/events.ts';

describe('EventReader', () => {
  const stream = `begin 1\nok 1\nbegin s1\nnotice s1 ${Buffer.from('wäb').toString('base64')}\nfailed s1 7 ${Buffer.from('päng\n').toString('base64')}\nend failed\n`;
  const events = [
    { type: 'begin', id: '1' },
    { type: 'ok', id: '1' },
    { type: 'begin', id: 's1' },
    { type: 'notice', id: 's1', text: 'wäb' },
    { type: 'failed', id: 's1', exitCode: 7, output: 'päng\n' },
    { type: 'end', outcome: 'failed' },
  ];

  it('reads the same events however the stream is split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const reader = new EventReader(9);
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        expect(at.flatMap((start, i) => reader.push(stream.slice(start, at[i + 1])))).toEqual(events);
        expect(reader.offset).toBe(Buffer.byteLength(stream));
      }),
    );
  });

  it('reads why a change failed, and that a command did not run', () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const text = `not-run 1\nfailed 2 124 ${base64('x')} cut=5000 timeout=7 full=${base64('/\n/var\n')}\nfailed 3 1  timeout=9\n`;
    expect(new EventReader(9).push(text)).toEqual([
      { type: 'not-run', id: '1' },
      { type: 'failed', id: '2', exitCode: 124, output: 'x', cut: 5000, timeout: 7, full: ['/', '/var'] },
      { type: 'failed', id: '3', exitCode: 1, output: '', timeout: 9 },
    ]);
  });

  it('goes on from the last whole line on another connection', () => {
    const reader = new EventReader(9);
    reader.push('begin 1\nok');
    reader.resume();
    expect(reader.offset).toBe(8);
    expect(reader.push('ok 1\n')).toEqual([{ type: 'ok', id: '1' }]);
  });

  it.each([
    'hello',
    'notice s1',
    'notice s1 %',
    'notice 0 aaaa',
    'notice s1 aaaa aaaa',
    `notice s1 ${'a'.repeat(1340)}`,
    'begin',
    'begin 0',
    'begin x',
    'begin 1 2',
    'ok',
    'end',
    'end well',
    'failed 1 0',
    'failed 1 1000 ',
    'failed 1 1 !!',
    'failed 1 1 eA== why',
    'failed 1 1 eA== timeout=x',
    'not-run',
    '',
    '\u001b[2Jbegin 1',
  ])('refuses %j', (line) => {
    expect(() => new EventReader(9).push(`${line}\n`)).toThrow(RunError);
  });

  it('never accepts garbage, and shows it escaped', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((s) => !s.includes('\n')),
        (line) => {
          try {
            new EventReader(9).push(`x${line}\n`);
            expect.unreachable();
          } catch (error) {
            expect(error).toBeInstanceOf(RunError);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
            expect((error as Error).message).not.toMatch(/[\u0000-\u001f]/);
          }
        },
      ),
    );
  });
});
