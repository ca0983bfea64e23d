import { type Checked, error, type SourceRange } from '../diagnostics/diagnostic.ts';
import { SecretUnavailable } from '../secrets/secret-value.ts';

/**
 * Computes something that needs secrets. An unavailable secret is an error where it is written, or else at `range`.
 */
export function revealing<T>(reveal: () => T, range: SourceRange): Checked<T> {
  try {
    return { value: reveal(), diagnostics: [] };
  } catch (problem) {
    if (!(problem instanceof SecretUnavailable)) throw problem;
    return { diagnostics: [error(problem.code, problem.message, problem.range ?? range, problem.hint)] };
  }
}
