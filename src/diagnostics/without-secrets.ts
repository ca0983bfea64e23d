import type { Hit } from '../secrets/form-search.ts';
import { secrets } from '../secrets/masker.ts';
import type { Diagnostic, SourceFile, SourceRange } from './diagnostic.ts';

/** A diagnostic without secrets in what it says; for the text that its range is in, see `shownRange`. */
export function withoutSecrets(diagnostic: Diagnostic): Diagnostic {
  const { message, hint } = diagnostic;
  return {
    ...diagnostic,
    message: secrets.text(message),
    ...(hint === undefined ? {} : { hint: secrets.text(hint) }),
  };
}

/** Of a file that many diagnostics are about, searched once. */
function secretsIn(source: SourceFile): readonly Hit[] {
  const { known } = secrets;
  let found = searched.get(source);
  if (found?.known !== known) {
    found = { known, hits: secrets.find(source.text) };
    searched.set(source, found);
  }
  return found.hits;
}

const searched = new WeakMap<SourceFile, { readonly known: number; readonly hits: readonly Hit[] }>();

/**
 * The range in its file's text as that may be shown: masked, with as many lines; undefined where nothing of the file
 * may be.
 */
export function shownRange({ source, start, end }: SourceRange): SourceRange | undefined {
  if (source.secret) return undefined;
  let text = '';
  let from = 0;
  const moved = { start, end };
  for (const hit of secretsIn(source)) {
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
