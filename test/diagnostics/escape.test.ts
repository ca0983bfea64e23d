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
    ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
  ])('makes %s visible', (_, text, expected) => {
    expect(escapeControl(text)).toBe(expected);
  });

  it.each(['Löwe', '名前', '🦁', '👩‍👩‍👧', 'a\\b', 'שלום'])('leaves %s as it is', (text) => {
    expect(escapeControl(text)).toBe(text);
  });

  it('leaves no character that a terminal acts on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeControl(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('escapeLines', () => {
  it('keeps lines and tabs, but no lone carriage return, which would overwrite the line', () => {
    expect(escapeLines('a\r\n\tb\rc\u001b')).toBe('a\n\tb\\rc\\x1b');
  });
});
