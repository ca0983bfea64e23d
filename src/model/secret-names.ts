import type { SourceRange } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../source/locate.ts';

/** A variable that is marked as secret, and where. */
export interface SecretName {
  readonly name: string;
  readonly at: SourceRange;
}

/** The names in a file's list under `secret`; `all` are the names in a file that is encrypted as a whole. */
export function readSecretNames(
  list: readonly string[] | undefined,
  locate: Locate,
  all: Iterable<string>,
): SecretName[] {
  const given = (list ?? []).map((name, i) => ({ name, at: locate(['secret', i]) }));
  return [...given, ...[...new Set(all)].map((name) => ({ name, at: locate([]) }))];
}
