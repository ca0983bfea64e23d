import { secrets } from '../secrets/masker.ts';
import type { Diagnostic, SourceRange } from './diagnostic.ts';

/** A diagnostic without secrets in what it says; for the text that its range is in, see `shownRange`. */
export function withoutSecrets(diagnostic: Diagnostic): Diagnostic {
  const { message, hint } = diagnostic;
  return {
    ...diagnostic,
    message: secrets.text(message),
    ...(hint === undefined ? {} : { hint: secrets.text(hint) }),
  };
}

/**
 * The range in its file's text as that may be shown: masked, with as many lines; undefined where nothing of the file
 * may be.
 */
export function shownRange({ source, start, end }: SourceRange): SourceRange | undefined {
  if (source.secret) return undefined;
  let text = '';
  let from = 0;
  const moved = { start, end };
  for (const hit of secrets.find(source.text)) {
    text += source.text.slice(from, hit.start);
    const written = source.text.slice(hit.start, hit.end).replaceAll(/[^\n]+/g, '***');
    if (start > hit.start)
      moved.start = start < hit.end ? text.length : start + text.length + written.length - hit.end;
    if (end > hit.start) moved.end = text.length + written.length + Math.max(0, end - hit.end);
    text += written;
    from = hit.end;
  }
  if (from === 0) return { source, start, end };
  return { source: { ...source, text: text + source.text.slice(from) }, ...moved };
}
