import { type Diagnostic, error } from './diagnostic.ts';

/** How many mistakes of one file, or of one value in it, are told one by one. Nobody reads on. */
export const mostTold = 100;

/** The first of them, told one by one, and at the last of these how many more there are. */
export function told<T>(found: readonly T[], tell: (one: T) => Diagnostic, all = found.length): Diagnostic[] {
  const first = found.slice(0, mostTold).map(tell);
  const last = first.at(-1);
  if (all <= first.length || last?.range === undefined) return first;
  const message = `there are ${all - first.length} more mistakes of this sort here and further on`;
  return [...first, error('more-mistakes', message, last.range)];
}
