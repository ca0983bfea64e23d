// What could move the cursor, change colours, hide or reorder text: C0, DEL, C1, bidi controls (Unicode UAX #9), line
// and paragraph separators, lone surrogates, and what Unicode calls ignorable: it is drawn as nothing or as a blank, so
// that two names look alike, or a text holds more than is seen (soft hyphens, zero-width spaces, word joiners, byte order
// marks, Hangul fillers, tags). Joiners (U+200C, U+200D) and the 16 common variation selectors stay: Persian, the scripts
// of India and emoji can't be written without them.
const dangerous =
  /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOne(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\u{${hex}}`;
  return named[char] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
}

/**
 * Makes text from a file or a host safe to print on a terminal, on one line: every control character,
 * line breaks and tabs included, becomes a visible escape such as `\x1b`. Other text stays as it is.
 */
export function escapeControl(text: string): string {
  // Most text is ASCII, and a look for all the rest takes long.
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(dangerous, escapeOne);
}

/** Like `escapeControl`, for text of several lines: line feeds and tabs stay, and `\r\n` becomes `\n`. */
export function escapeLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(dangerous, (char) => (char === '\n' || char === '\t' ? char : escapeOne(char)));
}
