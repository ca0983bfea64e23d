import type { Span } from './template-error.ts';

/** One character of a scalar as written, and its position; an escape is one character. */
interface Written {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Maps each character of a YAML scalar's value to its position in the source. Blanks and newlines that YAML folds or
 * strips count as a whole; all other characters are exact. Undefined if the two don't match. Linear time.
 */
export function align(value: string, written: string): ((span: Span) => Span) | undefined {
  if (value === written) return (span) => span;
  const characters = charactersOf(written);
  const places: Span[] = [];
  let next = 0;
  for (let i = 0; i < value.length; ) {
    const afterBlanks = skipBlanks(characters, next);
    for (; isBlank(value[i]); i++) {
      const place = characters[next] ?? { start: written.length, end: written.length };
      places.push(place);
      next = Math.min(next + 1, Math.max(afterBlanks - 1, next));
    }
    next = afterBlanks;
    if (i >= value.length) break;
    const place = characters[next++];
    if (place === undefined || !value.startsWith(place.text, i)) return undefined;
    for (let unit = 0; unit < place.text.length; unit++) places.push(place);
    i += place.text.length;
  }
  return ({ start, end }) => {
    const last = places.at(-1)?.end ?? 0;
    const first = places[start]?.start ?? last;
    return { start: first, end: end > start ? (places[end - 1]?.end ?? last) : first };
  };
}

function isBlank(text: string | undefined): boolean {
  return text === ' ' || text === '\t' || text === '\n' || text === '\r';
}

function skipBlanks(characters: readonly Written[], from: number): number {
  let at = from;
  while (isBlank(characters[at]?.text)) at++;
  return at;
}

function charactersOf(written: string): readonly Written[] {
  const first = written[0];
  if (first === '"') return doubleQuoted(written);
  if (first === "'") return singleQuoted(written);
  // After the header of a block scalar.
  const start = first === '|' || first === '>' ? written.indexOf('\n') + 1 : 0;
  return Array.from({ length: written.length - start }, (_, i) => {
    const at = start + i;
    return { text: written[at] as string, start: at, end: at + 1 };
  });
}

function singleQuoted(written: string): readonly Written[] {
  const characters: Written[] = [];
  for (let at = 1; at < written.length - 1; ) {
    const length = written.startsWith("''", at) ? 2 : 1;
    characters.push({ text: written[at] as string, start: at, end: at + length });
    at += length;
  }
  return characters;
}

/** YAML 1.2, 5.7: escaped characters. */
const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
  '\n': ' ',
  '\r': ' ',
};
const coded: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function doubleQuoted(written: string): readonly Written[] {
  const characters: Written[] = [];
  for (let at = 1; at < written.length - 1; ) {
    let text = written[at] as string;
    let length = 1;
    if (text === '\\') {
      const escaped = written[at + 1] ?? '';
      const digits = coded[escaped] ?? 0;
      length = 2 + digits;
      const code = Number.parseInt(written.slice(at + 2, at + length), 16);
      text = digits > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : (escapes[escaped] ?? escaped);
    }
    characters.push({ text, start: at, end: at + length });
    at += length;
  }
  return characters;
}
