import { syntaxFault } from './syntax-fault.ts';
import type { Token } from './token.ts';

const simple: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const coded = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3}))/iy;

/**
 * Reads the quoted text at `start` with Python's escapes, as in Jinja: an unknown escape is kept as written. Throws
 * TemplateError.
 */
export function readString(text: string, start: number): Token {
  let value = '';
  let from = start + 1;
  let at = from;
  while (at < text.length && text[at] !== text[start]) {
    if (text[at] !== '\\') {
      at++;
      continue;
    }
    const escaped = escapeAt(text, at);
    value += text.slice(from, at) + escaped.value;
    at = from = escaped.end;
  }
  if (at >= text.length) {
    throw syntaxFault('this text has no closing quote', { start, end: start + 1 });
  }
  return { type: 'string', value: value + text.slice(from, at), span: { start, end: at + 1 } };
}

function escapeAt(text: string, at: number): { value: string; end: number } {
  const next = text[at + 1] ?? '';
  const known = simple.get(next);
  if (known !== undefined) return { value: known, end: at + 2 };
  coded.lastIndex = at;
  const found = coded.exec(text);
  if (found && next !== 'X') {
    const [all, x, u, U, octal] = found;
    const code = octal === undefined ? Number.parseInt(x ?? u ?? U ?? '', 16) : Number.parseInt(octal, 8);
    if (code <= 0x10ffff) return { value: String.fromCodePoint(code), end: at + all.length };
  }
  if (!/[xuUN]/.test(next)) return { value: text.slice(at, at + 2), end: at + 2 };
  const hint = 'there are \\xHH, \\uHHHH and \\UHHHHHHHH; a backslash itself is written \\\\';
  throw syntaxFault(`\\${next} begins an escape that isn't one`, { start: at, end: at + 2 }, hint);
}
