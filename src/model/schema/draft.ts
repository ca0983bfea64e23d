import { type Checked, type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.ts';

/** Names that refused parts of a file may define: using one must not be reported as unknown. */
export type LostNames = ReadonlySet<string>;

/**
 * What was read of a file, valid or not. As in every Checked, `value` is undefined if there is an error. `usable` only
 * serves to find further errors, in this file and in others.
 */
export interface Draft<T, Part = T> extends Checked<T> {
  /** The valid part. Undefined if it is too little to find further errors. */
  readonly usable?: Part;
  /** If `all` is in it, hosts may be missing. */
  readonly lost: LostNames;
}

/** A file that is completely unusable. */
export function unreadable(diagnostics: readonly Diagnostic[]): Draft<never> {
  return { diagnostics, lost: new Set() };
}

/** A draft with all its diagnostics; errors in `before` (the text's own) make it unusable. */
export function draftAfter<T, Part>(before: readonly Diagnostic[], draft: Draft<T, Part>): Draft<T, Part> {
  const diagnostics = [...before, ...draft.diagnostics];
  return hasErrors(before) ? unreadable(diagnostics) : { ...draft, diagnostics };
}

/** Adds to `lost` the keys and words in a value, at any depth, that may be names. */
export function loseNames(value: unknown, lost: Set<string>): void {
  if (typeof value === 'string' && /^\S+$/.test(value)) lost.add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) loseKey(key, lost);
    loseNames(inner, lost);
  }
}

/** A refused `my-var` is used as `{{ my-var }}`, which looks up `my` and `var`. */
export function loseKey(key: string, lost: Set<string>): void {
  lost.add(key);
  for (const [word] of key.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) lost.add(word);
}
