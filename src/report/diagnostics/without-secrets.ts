import type { Diagnostic, SourceFile, SourceRange } from '../../diagnostics/diagnostic.ts';
import type { Hit } from '../../secrets/form-search.ts';
import { secrets } from '../../secrets/masker.ts';

/** A diagnostic with secrets masked in its texts; for the text of its range, see `shownRange`. */
export function withoutSecrets(diagnostic: Diagnostic): Diagnostic {
  const { message, hint } = diagnostic;
  return {
    ...diagnostic,
    message: secrets.text(message),
    ...(hint === undefined ? {} : { hint: secrets.text(hint) }),
  };
}

/** A file that many diagnostics refer to is searched once. */
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
 * The range in the text of its file as it may be shown: masked, with the same number of lines; undefined if nothing of
 * the file may be shown.
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
