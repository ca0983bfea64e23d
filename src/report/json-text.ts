import { escapeControl } from '../diagnostics/escape.ts';

/**
 * JSON that is safe to print on a terminal, too: what JSON.stringify leaves as it is although it moves the cursor
 * or reorders text (DEL, C1, bidi controls) becomes a `\u` escape, which means the same to every JSON parser.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  // Line breaks of the indentation are the only control characters outside of strings.
  return text.replace(/[^\n]+/g, (line) => escapeControl(line).replace(/\\x([0-9a-f]{2})/g, '\\u00$1'));
}
