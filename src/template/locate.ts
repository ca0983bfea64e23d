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
 * (plain, quoted without escapes), or has the line or the braces around the piece just once (block
 * scalars, escapes); otherwise the whole scalar.
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
  for (const around of [lineAround(text, span), bracesAround(text, span)]) {
    const found = around ? raw.indexOf(around.text) : -1;
    if (around && found >= 0 && raw.indexOf(around.text, found + 1) < 0) return piece(found - around.start);
  }
  return range;
}

interface Surroundings {
  readonly text: string;
  readonly start: number;
}

function lineAround(text: string, span: Span): Surroundings {
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const end = text.indexOf('\n', span.start);
  return { text: text.slice(start, end < 0 ? undefined : end), start };
}

function bracesAround(text: string, span: Span): Surroundings | undefined {
  const start = Math.max(text.lastIndexOf('{{', span.start), text.lastIndexOf('{%', span.start));
  return start < 0 ? undefined : { text: text.slice(start, span.end), start };
}
