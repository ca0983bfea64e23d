/**
 * A fragment of POSIX sh. The only way to make one is the `sh` tag, which quotes what is put into it:
 * this is the one place in meshbook where quoting happens.
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
 * Builds a fragment: text between the holes stands as written, a string or number in a hole becomes exactly
 * one word, a list becomes one word an element, and a fragment goes in unquoted.
 * @throws TypeError for a string with a NUL byte, which no argument can hold.
 */
export function sh(strings: TemplateStringsArray, ...values: readonly Value[]): Sh {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    text += Array.isArray(value) ? value.map(word).join(' ') : word(value as string | number | Sh);
    text += strings[index + 1] ?? '';
  }
  return new Sh(text);
}

/** Fragments one below the other. Empty ones are left out. */
export function lines(...fragments: readonly (Sh | undefined)[]): Sh {
  return new Sh(fragments.flatMap((f) => (f === undefined || f.text === '' ? [] : [f.text])).join('\n'));
}

/** A script that the user wrote as shell (a `command` step), or text of ours that is already sh. */
export function raw(text: string): Sh {
  return new Sh(text);
}

/** Moves every line two spaces to the right, but leaves the inside of quoted strings alone. */
export function indent(fragment: Sh): string {
  return fragment.text
    .split('\n')
    .reduce<{ out: string[]; quoted: boolean }>(
      (state, line) => {
        state.out.push(state.quoted || line === '' ? line : `  ${line}`);
        state.quoted = endsInQuotes(line, state.quoted);
        return state;
      },
      { out: [], quoted: false },
    )
    .out.join('\n');
}

function endsInQuotes(line: string, quoted: boolean): boolean {
  let inside = quoted;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\' && !inside) i++;
    else if (line[i] === "'") inside = !inside;
  }
  return inside;
}

function word(value: string | number | Sh): string {
  if (value instanceof Sh) return value.text;
  const text = String(value);
  if (text.includes('\0')) throw new TypeError('an argument cannot hold a NUL byte');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith('~') ? text : quoted(text);
}

/**
 * What is drawn as nothing, as a blank, or moves or reorders what is drawn. A line feed and a tab stay: a word may have
 * lines, and a command substitution would take line feeds off.
 */
const unseen = /((?:(?![ \n\t])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}])+)/u;

/** One word of what can be seen alone, so that a program means what it shows; printf(1) makes the rest of it again. */
function quoted(text: string): string {
  // Most text is ASCII, and a look for all the rest takes long.
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
