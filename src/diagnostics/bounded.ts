import { type Diagnostic, error } from './diagnostic.ts';

/** How many errors of one file, or of one value in it, are reported. Nobody reads more. */
export const mostTold = 100;

/** Reports the first errors one by one; the last of them says how many more there are. */
export function told<T>(found: readonly T[], tell: (one: T) => Diagnostic, all = found.length): Diagnostic[] {
  const first = found.slice(0, mostTold).map(tell);
  const last = first.at(-1);
  if (all <= first.length || last?.range === undefined) return first;
  const message = `there are ${all - first.length} more errors of this kind from here on`;
  return [...first, error('more-mistakes', message, last.range)];
}
