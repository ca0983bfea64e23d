import { told } from '../diagnostics/bounded.ts';
import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { tidy } from '../json/records.ts';
import { align } from './align.ts';
import type { TemplateError } from './template-error.ts';

/**
 * Faults as diagnostics; `text` is the value whose source is at `range`. Each points at its exact position in the
 * file, in every notation: plain, quoted, with escapes, as a block, over several lines.
 */
export function toDiagnostics(
  faults: readonly TemplateError[],
  text: string,
  range: SourceRange,
): readonly Diagnostic[] {
  if (faults.length === 0) return [];
  const { source, start, end } = range;
  const place = align(text, source.text.slice(start, end));
  return told(faults, ({ code, message, span, hint, range: elsewhere }) => {
    const inside = span && place?.(span);
    return tidy({
      severity: 'error',
      code,
      message,
      range: elsewhere ?? (inside ? { source, start: start + inside.start, end: start + inside.end } : range),
      hint,
    });
  });
}
