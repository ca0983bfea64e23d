import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/diagnostics/errors.ts';
import { formsOf } from '../../src/secrets/forms.ts';
import { Masker } from '../../src/secrets/masker.ts';

const secret = `it's "ä+/ü" <&> 100%`;

function masker(...secrets: string[]): Masker {
  const made = new Masker();
  for (const one of secrets) made.add(one);
  return made;
}

/** Forms in which other programs write a secret, and which must not appear. */
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
    // None of its substrings of eight characters is left, in any form.
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
    "that occurs everywhere is not masked: '%s'",
    (text) => {
      expect(masker(text).text(`x ${text} y`)).toBe(`x ${text} y`);
      expect(formsOf(text)).toEqual([]);
    },
  );

  it('that overlaps another leaves nothing of it', () => {
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

  it('is masked in values, including keys; a value without one is returned itself', () => {
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

/** The masker in its simplest form: every place of every form, with places merged that overlap or touch. */
function plainly(forms: readonly string[], text: string): string {
  const hidden = new Set<number>();
  for (const form of forms)
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      for (let i = at; i < at + form.length; i++) hidden.add(i);
  return [...text].map((unit, i) => (!hidden.has(i) ? unit : hidden.has(i - 1) ? '' : '***')).join('');
}

/** The most characters at the text's beginning that end a form, and at its end that begin one. */
function cutPlainly(forms: readonly string[], text: string): [number, number] {
  const most = (fits: (form: string, length: number) => boolean) =>
    Math.max(
      0,
      ...forms.flatMap((form) =>
        Array.from({ length: Math.min(form.length - 1, text.length) }, (_, i) => i + 1).filter(
          (length) => length >= 4 && fits(form, length),
        ),
      ),
    );
  return [
    most((form, length) => text.startsWith(form.slice(-length))),
    most((form, length) => text.endsWith(form.slice(0, length))),
  ];
}

describe('for any secrets and texts', () => {
  const of = (letters: string, most: number) =>
    fc.array(fc.constantFrom(...letters), { maxLength: most }).map((units) => units.join(''));
  const secrets = fc.array(of('ab\n ', 12), { maxLength: 12 });

  it('exactly the forms are masked, whenever a secret is added', () => {
    fc.assert(
      fc.property(secrets, of('ab\n\\ ', 60), of('ab %20', 60), (all, text, other) => {
        const made = new Masker();
        for (const [i, secret] of all.entries()) {
          made.add(secret);
          const forms = all.slice(0, i + 1).flatMap(formsOf);
          for (const one of [text, other, text + secret]) expect(made.text(one)).toBe(plainly(forms, one));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('exactly the remains of a form at an end are masked', () => {
    fc.assert(
      fc.property(secrets, of('ab\n', 30), (all, text) => {
        const [start, end] = cutPlainly(all.flatMap(formsOf), text);
        const made = masker(...all);
        const shown = made.cut(text);
        if (start + end >= text.length) expect(shown).toBe(start + end === 0 ? text : '***');
        else {
          const whole = made.text(text.slice(start, text.length - end));
          expect(shown).toBe(`${start > 0 ? '***' : ''}${whole}${end > 0 ? '***' : ''}`);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('very many secrets, and very long ones', () => {
  it('are masked: 20,000 of 40 characters, some of them added late', () => {
    const secretOf = (i: number) => Buffer.from(`${i} `.repeat(30)).toString('hex').slice(0, 40);
    const known = new Masker();
    for (let i = 0; i < 20_000; i++) {
      known.add(secretOf(i));
      if (i % 100 === 0) expect(known.text(`a ${secretOf(i)} b`)).toBe('a *** b');
    }
    expect(known.text(`a ${secretOf(12_345)} b ${Buffer.from(secretOf(7)).toString('base64')}`)).toBe(
      'a *** b ***',
    );
  }, 120_000);

  it('of a million characters are masked as a whole, line by line, in JSON and in base64', () => {
    const lines = Array.from({ length: 16_000 }, (_, i) => `line ${i} ${'"secret" '.repeat(6)}`);
    const text = lines.join('\n');
    const known = masker(text);
    for (const form of [
      text,
      lines[77]?.trim() ?? '',
      JSON.stringify(text).slice(1, -1),
      Buffer.from(text).toString('base64'),
    ])
      expect(known.text(`a ${form} b`)).toBe('a *** b');
    expect(known.cut(`${text.slice(500)} and`)).toBe('*** and');
    expect(known.cut(`and ${text.slice(0, -500)}`)).toBe('and ***');
  }, 120_000);

  it('are refused with their place if they would take too much memory, and earlier ones stay masked', () => {
    const known = masker('swordfish');
    const source = { path: 'pb.yml', text: 'x' };
    const at = { source, start: 0, end: 1 };
    const long = Array.from({ length: 60_000 }, (_, i) => `a line of its own, number ${i}, and more of it`);
    const refused = (secret: string) => {
      try {
        known.add(secret, at);
      } catch (error) {
        if (error instanceof InvalidInput) return error.diagnostics.map(({ code, range }) => [code, range]);
        throw error;
      }
      return [];
    };
    expect(refused(long.join('\n'))).toEqual([['too-many-secrets', at]]);
    expect(refused('x'.repeat(17 * 1024 * 1024))).toEqual([['too-many-secrets', at]]);
    expect(refused('another one')).toEqual([]);
    expect(known.text('swordfish or another one')).toBe('*** or ***');
  }, 120_000);

  it('that repeat themselves take one pass, in texts that do as well', () => {
    const known = masker('a'.repeat(60_000), `${'a'.repeat(50_000)}b`);
    expect(known.text('a'.repeat(1_000_000))).toBe('***');
    expect(known.cut(`${'a'.repeat(40_000)}c${'a'.repeat(40_000)}`)).toBe('***c***');
  }, 120_000);
});
