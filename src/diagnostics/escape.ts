// What could move the cursor, change colours, hide or reorder text: C0, DEL, C1, bidi controls
// (Unicode UAX #9), line and paragraph separators, the byte order mark, and lone surrogates.
const dangerous =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOne(char: string): string {
  const code = char.charCodeAt(0);
  return (
    named[char] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  );
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
