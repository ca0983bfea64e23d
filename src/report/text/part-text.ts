import type { Part } from '../../changes/change.ts';
import { escapeControl } from '../../diagnostics/escape.ts';

export function isText(part: Part | undefined): boolean {
  return typeof part === 'object' && part !== null && 'text' in part;
}

/** The text of a part that is a whole text. Not escaped. */
export function textOf(part: Part | undefined): string | undefined {
  return part != null && typeof part === 'object' && 'text' in part ? part.text : undefined;
}

/** A part's value in a few words; a whole text is only named as one. Escaped. */
export function shownPart(part: Part): string {
  if (part === null) return '(nothing)';
  if (typeof part === 'string') return escapeControl(part);
  return 'text' in part ? '(text)' : '(secret)';
}

/** A part as JSON. Not even the digest of a secret is shown: a short secret could be guessed from it. */
export function partJson(part: Part): Part {
  return typeof part === 'object' && part !== null && 'hidden' in part ? { hidden: '(secret)' } : part;
}
