import { escapeControl } from '../../diagnostics/escape.ts';

/**
 * JSON that is safe to print on a terminal. JSON.stringify keeps characters that move the cursor or hide or reorder
 * text (DEL, C1, invisible characters, bidi controls); here they become `\u` escapes, which mean the same to every
 * JSON parser.
 */
export function jsonText(value: unknown, indent?: number): string {
  return safeJson(JSON.stringify(value, null, indent));
}

/** The same for text that is already JSON. */
export function safeJson(json: string): string {
  return json.replace(/[\u007f-\u{10ffff}]/gu, (char) =>
    escapeControl(char) === char ? char : char.split('').map(unit).join(''),
  );
}

/** A UTF-16 unit: JSON writes characters beyond U+FFFF as two of them. */
function unit(half: string): string {
  return `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
