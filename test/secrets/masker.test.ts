import { describe, expect, it } from 'vitest';
import { formsOf } from '../../src/secrets/forms.ts';
import { Masker } from '../../src/secrets/masker.ts';

const secret = `it's "ä+/ü" <&> 100%`;

function masker(...secrets: string[]): Masker {
  const made = new Masker();
  for (const one of secrets) made.add(one);
  return made;
}

/** A secret as it shows in what other programs write, and must not. */
const written: [string, (text: string) => string][] = [
  ['as it is', (text) => `a ${text} b`],
  ['in JSON', (text) => JSON.stringify({ text })],
  ['in JSON within JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
  [
    'in JSON of ASCII alone',
    (text) => JSON.stringify(text).replaceAll(/[^\0-\x7f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  ],
  ['in a URL', (text) => `https://x/?q=${encodeURIComponent(text)}&r`],
  ['in a form', (text) => new URLSearchParams({ text }).toString()],
  [
    'in XML',
    (text) => `<a>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</a>`,
  ],
  ['in shell quotes', (text) => `echo '${text.replaceAll("'", "'\\''")}'`],
  ['in YAML quotes', (text) => `a: '${text.replaceAll("'", "''")}'`],
  ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
  ['in HEXADECIMAL', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in base64 after one byte', (text) => Buffer.from(`x${text} and more`).toString('base64')],
  ['in base64 after two bytes', (text) => Buffer.from(`xy${text} and more`).toString('base64')],
  ['in base64url', (text) => Buffer.from(text).toString('base64url')],
];

describe('a secret', () => {
  it.each(written)('is masked %s', (_, write) => {
    const shown = masker(secret).text(write(secret));
    expect(shown).toContain('***');
    // Nothing of eight characters of it is left, however it was written.
    const form = write(secret);
    for (let i = 0; i + 16 <= form.length; i++) {
      const piece = form.slice(i, i + 16);
      if (write('').includes(piece)) continue;
      expect(
        formsOf(secret).some((known) => known.includes(piece) && shown.includes(piece)),
        piece,
      ).toBe(false);
    }
  });

  it('of several lines is masked line by line, in base64 of 64 and of 76 columns, too', () => {
    const key = Array.from({ length: 5 }, (_, i) =>
      Buffer.from(`line ${i} of a key, long enough`).toString('base64'),
    );
    const pem = `-----BEGIN KEY-----\n${key.join('\n')}\n-----END KEY-----\n`;
    const shown = masker(pem).text(`first\n  ${key[2]}\nlast`);
    expect(shown).toBe('first\n  ***\nlast');
    for (const columns of [64, 76]) {
      const lines =
        Buffer.from(pem)
          .toString('base64')
          .match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
      expect(masker(pem).text(lines.join('\n'))).not.toMatch(/[A-Za-z0-9+/]{8}/);
    }
  });

  it.each(['abc', 'true', 'null', 'no', '1234', '80', '   ', ''])(
    "that stands everywhere isn't masked: '%s'",
    (text) => {
      expect(masker(text).text(`x ${text} y`)).toBe(`x ${text} y`);
      expect(formsOf(text)).toEqual([]);
    },
  );

  it('that is the beginning, the end or the middle of another leaves nothing of it', () => {
    expect(masker('pass', 'password', 'sword', 'word of mouth').text('a password of mouth b')).toBe(
      'a *** b',
    );
    expect(masker('abcd', 'cdef').text('abcdef')).toBe('***');
    expect(masker('abcd').text('abcdabcd abcd')).toBe('*** ***');
    expect(masker('aaaa').text('aaaaaa')).toBe('***');
  });

  it('that is cut off at the beginning or the end of an output is masked there', () => {
    const known = masker('correct-horse-battery');
    expect(known.cut('horse-battery said no')).toBe('*** said no');
    expect(known.cut('it said correct-ho')).toBe('it said ***');
    expect(known.cut('it said correct-horse-battery, twice')).toBe('it said ***, twice');
    expect(known.cut('horse')).toBe('horse');
    expect(known.cut('-batt')).toBe('-batt');
    expect(known.cut('nothing of it')).toBe('nothing of it');
  });

  it('is masked in values, keys included, and what has none stays itself', () => {
    const known = masker('swordfish');
    const value = { a: ['x swordfish', 1, null], swordfish: { b: 'swordfish' }, type: 'swordfish' };
    expect(known.value(value)).toEqual({ a: ['x ***', 1, null], '***': { b: '***' }, type: 'swordfish' });
    const other = { a: [1, { b: 'c' }] };
    expect(known.value(other)).toBe(other);
  });

  it('is found in a text as long as a large plan', () => {
    const known = masker(...Array.from({ length: 50 }, (_, i) => `a secret of its own, number ${i}`));
    const text = 'nothing to see here, a secret of its own, number none; '.repeat(20_000);
    expect(known.text(`${text}a secret of its own, number 7`)).toBe(`${text}***`);
  });
});
