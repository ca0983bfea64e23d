/** The beginning of foreign output, on one line and harmless on a terminal. */
export function printable(text: string, limit = 300): string {
  const head = text.trim().slice(0, limit);
  const escaped = head.replace(/[^\x20-\x7e]/gu, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return /\p{C}/u.test(char) ? `\\u{${code.toString(16)}}` : char;
  });
  return text.trim().length > limit ? `${escaped}…` : escaped;
}
