import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, SourceFile } from '../../../src/diagnostics/diagnostic.ts';
import { diagnosticToJson } from '../../../src/report/diagnostics/json.ts';
import { renderDiagnostics } from '../../../src/report/diagnostics/render.ts';
import { columnsOf } from '../../../src/report/text/columns.ts';

/** A diagnostic about the text between `«` and `»`. */
function marked(text: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  const source: SourceFile = { path: 'f.yml', text: text.replace(/[«»]/g, '') };
  return {
    severity: 'error',
    code: 'invalid-value',
    message: 'what is wrong',
    range: { source, start, end },
    ...more,
  };
}

const plain = (...diagnostics: Diagnostic[]) => renderDiagnostics(diagnostics, { color: false });

describe('renderDiagnostics', () => {
  it('shows place, code, message, the line and the one before, an underline, the hint and a count', () => {
    expect(plain(marked('a: 1\nb: «two»\n', { hint: 'do this' }))).toBe(
      [
        'f.yml:2:4 invalid-value error: what is wrong',
        '  1 | a: 1',
        '  2 | b: two',
        '    |    ^^^',
        '  hint: do this',
        '',
        '1 error',
        '',
      ].join('\n'),
    );
  });

  it('marks warnings, and counts them separately', () => {
    const text = plain(marked('«a»: 1', { severity: 'warning' }), marked('a«:» 1'), marked('a: «1»'));
    expect(text).toContain('f.yml:1:1 invalid-value warning: what is wrong\n');
    expect(text.trimEnd().split('\n').at(-1)).toBe('2 errors, 1 warning');
  });

  it('prints nothing if nothing is wrong', () => {
    expect(plain()).toBe('');
  });

  it('sorts by file and position, those without a place first, and removes duplicates', () => {
    const source = { path: 'b.yml', text: 'x\ny\n' };
    const at = (start: number, path = source) => ({ range: { source: path, start, end: start + 1 } });
    const base = { severity: 'error', code: 'state', message: 'm' } as const;
    const text = plain(
      { ...base, ...at(2) },
      { ...base, ...at(0) },
      { ...base, ...at(0, { path: 'a.yml', text: 'z' }) },
      { ...base, ...at(2) },
      base,
    );
    const heads = text.split('\n').filter((line) => line.includes('error:'));
    expect(heads).toEqual([
      'state error: m',
      'a.yml:1:1 state error: m',
      'b.yml:1:1 state error: m',
      'b.yml:2:1 state error: m',
    ]);
    expect(text).toContain('4 errors');
  });

  const caretUnder = (text: string) => {
    const [, ...frame] = plain(marked(text)).split('\n');
    return frame
      .slice(0, frame.findIndex((line) => line.includes('^')) + 1)
      .slice(-2)
      .map((line) => line.slice(6));
  };

  it.each<[string, string, string, string]>([
    ['tabs', 'a:\t«x»y', 'a:    xy', '      ^'],
    ['wide characters before', '名前: «x»', '名前: x', '      ^'],
    ['wide characters underlined', 'a: «名前» b', 'a: 名前 b', '   ^^^^'],
    ['emoji', '🦁🦁 «x»', '🦁🦁 x', '     ^'],
    ['emoji of several code points', '👩‍👩‍👧 «x»', '👩‍👩‍👧 x', '   ^'],
    ['combining characters', 'e\u0301e\u0301 «x»', 'e\u0301e\u0301 x', '   ^'],
    ['an escape sequence', 'a\u001b[31m«x»', 'a\\x1b[31mx', '         ^'],
    ['an underlined control character', 'a«\u0007»b', 'a\\x07b', ' ^^^^'],
    ['bidi controls', 'a\u202e«x»', 'a\\u202ex', '       ^'],
    ['a range of several lines', 'a: «[1,\n 2]»', 'a: [1,', '   ^^^'],
    ['an empty range', 'ab«»c', 'abc', '  ^'],
    ['a range at the end of a line', 'abc«»\nd', 'abc', '   ^'],
    ['a line that ends with CR LF', 'a: «x»\r\nb: 1', 'a: x', '   ^'],
  ])('keeps the underline in place: %s', (_, text, line, caret) => {
    expect(caretUnder(text)).toEqual([line, caret]);
  });

  it.each(['a'.repeat(1000), '🦁'.repeat(400)])('cuts a long line around the place', (filler) => {
    const [line = '', caret = ''] = caretUnder(`${filler}«XYZ»${filler}`);
    expect(line).toMatch(/^….*XYZ.*…$/u);
    expect(line.length).toBeLessThan(170);
    const column = [...line.slice(0, line.indexOf('XYZ'))].reduce(
      (sum, char) => sum + (char === '🦁' ? 2 : 1),
      0,
    );
    expect(caret).toBe(`${' '.repeat(column)}^^^`);
  });

  it.each(['a', '名', '🦁', '\u0007'])('fits a long line of %j into a narrow terminal', (char) => {
    const filler = char.repeat(200);
    const text = renderDiagnostics([marked(`${filler}«XYZ»${filler}`)], { color: false, width: 80 });
    const [line = '', caret = ''] = text.split('\n').filter((one) => one.includes(' | '));
    expect(line).toContain('XYZ');
    expect(columnsOf(line)).toBeLessThanOrEqual(80);
    expect(columnsOf(line.slice(0, line.indexOf('XYZ')))).toBe(caret.indexOf('^'));
  });

  it('counts columns in characters, not in UTF-16 units', () => {
    expect(plain(marked('🦁🦁 «x»'))).toContain('f.yml:1:4 ');
  });

  it('points at the end of a file', () => {
    expect(plain(marked('a: [1\n«»'))).toContain('f.yml:2:1 ');
  });

  it('escapes control characters in messages, hints and paths', () => {
    const source = { path: 'f\u001b[2J.yml', text: 'x' };
    const text = plain({
      severity: 'error',
      code: 'state',
      message: 'm\u001b]0;t\u0007\u009b31m\nforged: line',
      hint: 'h\u202e\r',
      range: { source, start: 0, end: 1 },
    });
    expect(text).toContain('f\\x1b[2J.yml:1:1 state error: m\\x1b]0;t\\x07\\x9b31m\\nforged: line');
    expect(text).toContain('hint: h\\u202e\\r');
  });

  it('has colours only on request, and the same text', () => {
    const diagnostic = marked('a: «x»', { hint: 'h' });
    const colored = renderDiagnostics([diagnostic], { color: true });
    expect(colored).toContain('\u001b[31m');
    expect(stripVTControlCharacters(colored)).toBe(plain(diagnostic));
  });

  it('shows a path below the working folder relative to it', () => {
    const at = (path: string) => ({
      ...marked('«a»'),
      range: { source: { path, text: 'a' }, start: 0, end: 1 },
    });
    const text = renderDiagnostics([at('/proj/x/a.yml'), at('/else/b.yml')], { color: false, cwd: '/proj' });
    expect(text).toContain('\nx/a.yml:1:1 ');
    expect(text).toContain('/else/b.yml:1:1 ');
  });
});

describe('diagnosticToJson', () => {
  it('has a place and a hint', () => {
    expect(diagnosticToJson(marked('a\n🦁: «x\ny»', { hint: 'h' }))).toEqual({
      severity: 'error',
      code: 'invalid-value',
      message: 'what is wrong',
      file: 'f.yml',
      line: 2,
      column: 4,
      endLine: 3,
      endColumn: 2,
      hint: 'h',
    });
  });

  it('leaves out what is undefined', () => {
    const bare = { severity: 'warning', code: 'state', message: 'm' } as const;
    expect(diagnosticToJson(bare)).toEqual(bare);
  });
});
