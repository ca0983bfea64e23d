import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControl, escapeLines } from '../../src/diagnostics/escape.ts';

describe('escapeControl', () => {
  it.each([
    ['line breaks and tabs', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['escape sequences', '\u001b[31mred', '\\x1b[31mred'],
    ['C1 controls', '\u009b31m', '\\x9b31m'],
    ['DEL and NUL', '\u007f\u0000', '\\x7f\\x00'],
    ['bidi controls', 'a\u202eb\u2066c\u200fd\u061c', 'a\\u202eb\\u2066c\\u200fd\\u061c'],
    ['line separators and byte order marks', '\u2028\u2029\ufeff', '\\u2028\\u2029\\ufeff'],
    [
      'invisible characters',
      'a\u200bb\u2060c\u00add\u034fe\u3164f\u180eg\ufff9',
      'a\\u200bb\\u2060c\\xadd\\u034fe\\u3164f\\u180eg\\ufff9',
    ],
    [
      'tag characters',
      'a\u{e0001}b\u{e0041}c\u{e007f}\u{e0100}',
      'a\\u{e0001}b\\u{e0041}c\\u{e007f}\\u{e0100}',
    ],
    ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
  ])('makes %s visible', (_, text, expected) => {
    expect(escapeControl(text)).toBe(expected);
  });

  it.each(['Löwe', '名前', '🦁', '👩‍👩‍👧', 'a\\b', 'שלום', '❤️', 'می‌خواهم'])('keeps %s', (text) => {
    expect(escapeControl(text)).toBe(text);
  });

  it('leaves no character that a terminal acts on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeControl(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(escapeControl(text)).not.toMatch(/[\u00ad\u200b\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u);
      }),
    );
  });
});

describe('escapeLines', () => {
  it('keeps lines and tabs, but no lone carriage return, which would overwrite the line', () => {
    expect(escapeLines('a\r\n\tb\rc\u001b')).toBe('a\n\tb\\rc\\x1b');
  });
});
