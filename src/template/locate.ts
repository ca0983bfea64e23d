import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import type { Fault, Span } from './fault.ts';

/** A fault as a diagnostic; `text` is the value whose source is at `range`. */
export function toDiagnostic(fault: Fault, text: string, range: SourceRange): Diagnostic {
  return {
    severity: 'error',
    code: fault.code,
    message: fault.message,
    range: fault.span ? rangeInside(text, fault.span, range) : range,
    ...(fault.hint !== undefined && { hint: fault.hint }),
  };
}

/**
 * Where a piece of a scalar's value stands in the file. Exact when the file has the value as it is
 * (plain, quoted without escapes) or has the line around the piece just once (block scalars);
 * otherwise the whole scalar.
 */
function rangeInside(text: string, span: Span, range: SourceRange): SourceRange {
  const { source, start, end } = range;
  const raw = source.text.slice(start, end);
  const piece = (offset: number): SourceRange => ({
    source,
    start: start + offset + span.start,
    end: start + offset + span.end,
  });
  const quoted = /^(['"])(.*)\1$/s.exec(raw)?.[2];
  if (raw === text) return piece(0);
  if (quoted === text) return piece(1);
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = text.indexOf('\n', span.start);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const found = raw.indexOf(line);
  return found >= 0 && raw.indexOf(line, found + 1) < 0 ? piece(found - lineStart) : range;
}
