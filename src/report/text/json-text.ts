import { escapeControl } from '../../diagnostics/escape.ts';

/**
 * JSON that is safe to print on a terminal, too: what JSON.stringify leaves as it is although it moves the cursor
 * or hides or reorders text (DEL, C1, invisible characters, bidi controls) becomes a `\u` escape, which means the same to
 * every JSON parser.
 */
export function jsonText(value: unknown, indent?: number): string {
  return safeJson(JSON.stringify(value, null, indent));
}

/** The same for a text that is JSON already. */
export function safeJson(json: string): string {
  return json.replace(/[\u007f-\u{10ffff}]/gu, (char) =>
    escapeControl(char) === char ? char : char.split('').map(unit).join(''),
  );
}

/** A UTF-16 unit: JSON has no other form for characters beyond U+FFFF than two of them. */
function unit(half: string): string {
  return `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
