import { type Checked, type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.ts';

/** Names that may stand in what was refused of a file: who asks for one must not be told that it doesn't exist. */
export type LostNames = ReadonlySet<string>;

/**
 * What was read of a file, for good or for bad. `value` is as in every Checked: absent when there is an error.
 * `sound` is there to find what else is wrong, in this file and in others, and for nothing else.
 */
export interface Draft<T, Part = T> extends Checked<T> {
  /** What is right of it. Absent when too little is to say anything more. */
  readonly sound?: Part;
  /** With `all` among them, hosts may be missing. */
  readonly lost: LostNames;
}

/** A file of which nothing can be used. */
export function unreadable(diagnostics: readonly Diagnostic[]): Draft<never> {
  return { diagnostics, lost: new Set() };
}

/** A draft after all that there is to say of it; errors in `before` (the text's own) make it useless. */
export function draftAfter<T, Part>(before: readonly Diagnostic[], draft: Draft<T, Part>): Draft<T, Part> {
  const diagnostics = [...before, ...draft.diagnostics];
  return hasErrors(before) ? unreadable(diagnostics) : { ...draft, diagnostics };
}

/** The keys and the words in a value, at any depth, that may be names. */
export function loseNames(value: unknown, lost: Set<string>): void {
  if (typeof value === 'string' && /^\S+$/.test(value)) lost.add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) loseKey(key, lost);
    loseNames(inner, lost);
  }
}

/** A refused `my-var` is asked for as `{{ my-var }}`, which asks for `my` and `var`. */
export function loseKey(key: string, lost: Set<string>): void {
  lost.add(key);
  for (const [word] of key.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) lost.add(word);
}
