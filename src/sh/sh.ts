/**
 * A fragment of POSIX sh. Only the `sh` tag makes one, and it quotes what is interpolated: meshbook quotes
 * nowhere else.
 */
export class Sh {
  readonly text: string;
  /** Only `sh`, `lines` and `raw` call this. */
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

type Value = string | number | Sh | readonly (string | number | Sh)[];

/**
 * Builds a fragment. Literal text is kept; an interpolated string or number becomes exactly one word, a list
 * one word for each element, and a fragment is inserted unquoted.
 * @throws TypeError for a string with a NUL byte, which no argument can contain.
 */
export function sh(strings: TemplateStringsArray, ...values: readonly Value[]): Sh {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    text += Array.isArray(value) ? value.map(word).join(' ') : word(value as string | number | Sh);
    text += strings[index + 1] ?? '';
  }
  return new Sh(text);
}

/** Fragments one below the other, without empty ones. */
export function lines(...fragments: readonly (Sh | undefined)[]): Sh {
  return new Sh(fragments.flatMap((f) => (f === undefined || f.text === '' ? [] : [f.text])).join('\n'));
}

/** A script that the user wrote as shell (a `command` step), or our own text that is already sh. */
export function raw(text: string): Sh {
  return new Sh(text);
}

/** Indents every line by two spaces, except inside quoted strings. */
export function indent(fragment: Sh): string {
  const out: string[] = [];
  let quote: Quote = '';
  for (const line of fragment.text.split('\n')) {
    out.push(quote !== '' || line === '' ? line : `  ${line}`);
    quote = quoteAfter(line, quote);
  }
  return out.join('\n');
}

/** The quotation mark that a string is open with. */
type Quote = "'" | '"' | '';

/** POSIX.1-2024, XCU 2.2 and 2.3: an apostrophe opens nothing in a comment or between double quotes. */
function quoteAfter(line: string, before: Quote): Quote {
  let quote = before;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (char === '\\' && quote !== "'") i++;
    else if (quote === '' && char === '#' && /^$|[\s;&|()]/.test(line[i - 1] ?? '')) return '';
    else if (char === quote) quote = '';
    else if (quote === '' && (char === "'" || char === '"')) quote = char;
  }
  return quote;
}

function word(value: string | number | Sh): string {
  if (value instanceof Sh) return value.text;
  const text = String(value);
  if (text.includes('\0')) throw new TypeError('an argument cannot hold a NUL byte');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith('~') ? text : quoted(text);
}

/**
 * Characters that are invisible, blank, or move or reorder what is shown. A line feed and a tab are kept: a
 * word may have several lines, and a command substitution would strip trailing line feeds.
 */
const unseen = /((?:(?![ \n\t])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}])+)/u;

/**
 * One word, quoted with visible characters only, so that a program is what it looks like; printf(1) restores
 * the others.
 */
function quoted(text: string): string {
  // Most text is ASCII, and the full search is slow.
  if (/^[\n\t\x20-\x7e]*$/.test(text)) return inQuotes(text);
  const parts = text.split(unseen).map((part, i) => {
    if (i % 2 === 0) return part === '' ? '' : inQuotes(part);
    const bytes = [...Buffer.from(part)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
    return `"$(printf '${bytes.join('')}')"`;
  });
  return parts.join('');
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
