// Characters that move the cursor, change colours, or hide or reorder text: C0, DEL, C1, bidi controls (Unicode UAX
// #9), line and paragraph separators, lone surrogates, and Unicode's ignorable characters. Those are drawn as nothing
// or as a blank, so two names look alike or a text contains more than it shows (soft hyphens, zero-width spaces, word
// joiners, byte order marks, Hangul fillers, tags). Joiners (U+200C, U+200D) and the 16 common variation selectors are
// kept: Persian, Indic scripts and emoji need them.
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
 * Makes text from a file or a host safe to print on one line of a terminal: every control character, including line
 * breaks and tabs, becomes a visible escape such as `\x1b`. Other text is unchanged.
 */
export function escapeControl(text: string): string {
  // Most text is ASCII, and the full search is slow.
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(dangerous, escapeOne);
}

/**
 * Like `escapeControl`, for text of several lines: line feeds and tabs are kept, and `\r
 * ` becomes `
 * `.
 */
export function escapeLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(dangerous, (char) => (char === '\n' || char === '\t' ? char : escapeOne(char)));
}
