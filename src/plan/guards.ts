import type { ChangeBase, PathEffect } from '../changes/change.ts';
import { type Effect, pathsOf } from '../changes/registry.ts';
import type { FactQuery, Facts } from '../facts/fact.ts';
import { type Guard, guardFact, guardOfKey } from '../facts/guard.ts';
import { realPathFact } from '../facts/real-path.ts';

/** What precedes a guard, as far as it matters to guards. */
export interface Earlier {
  /** The name of its step. */
  readonly step: string;
  readonly change: Effect;
}

/** The facts needed to tell which changes may touch the paths of guards. May contain duplicates. */
export function guardQueries(queries: readonly FactQuery<unknown>[]): FactQuery<unknown>[] {
  const guarded = queries.flatMap((query) => guardPath(query) ?? []);
  if (guarded.length === 0) return [];
  const files = queries.filter(({ family: { name } }) => name === 'file' || name === 'file_hash');
  return [...guarded, ...files.map(({ key }) => key)].map(realPathFact);
}

/** Whether there is a guard among `queries`. */
export function asksGuard(queries: readonly FactQuery<unknown>[]): boolean {
  return queries.some(({ family: { name } }) => name === 'guard');
}

/** The guards among `queries` that run a user's command. */
export function guardCommands(queries: readonly FactQuery<unknown>[]): Guard[] {
  return queries
    .filter(({ family: { name } }) => name === 'guard')
    .map(({ key }) => guardOfKey(key))
    .filter(({ creates }) => creates === undefined);
}

/**
 * The facts when the guards among `queries` are evaluated after these changes, in this order. A guard command may look
 * at anything, so any change makes its answer unknown. Whether a path exists stays known, unless a change may touch
 * that path; a file that is written or removed there makes it known again. Pure.
 */
export function guardsAfter(
  facts: Facts,
  queries: readonly FactQuery<unknown>[],
  earlier: readonly Earlier[],
): Facts {
  if (earlier.length === 0) return facts;
  return queries.reduce((known, query) => {
    if (query.family.name !== 'guard') return known;
    const guard = guardOfKey(query.key);
    if (guard.creates === undefined) return known.without(query, 'earlier steps change the host first');
    return earlier.reduce((now, one) => after(now, guard, one), known);
  }, facts);
}

function after(facts: Facts, guard: Guard, { step, change }: Earlier): Facts {
  const query = guardFact(guard);
  const path = guard.creates ?? '';
  const doubt = () => facts.without(query, `step "${step}" comes first and may touch ${path}`);
  const touched = touchedPaths(change);
  if (touched === undefined) return doubt();
  if (touched.length === 0) return facts;
  const real = facts.find(realPathFact(path));
  if (real === undefined) return doubt();
  let exists: boolean | undefined;
  for (const one of touched) {
    if (typeof one === 'string') {
      if (isAt(real, one) || isAt(one, real)) return doubt();
      continue;
    }
    const place = facts.find(realPathFact(one.path));
    if (place === undefined) return doubt();
    // Parent folders of a file are made with it, and stay when it is removed.
    if (one.becomes === 'there' && isAt(place, real)) exists = true;
    else if (one.becomes === 'gone' && place === real) exists = false;
    else if (isAt(real, place)) return doubt();
  }
  return exists === undefined ? facts : facts.with(query, exists);
}

/** Paths that a change and its settle actions may make or remove, with everything below them; undefined: any. */
function touchedPaths(change: ChangeBase): readonly PathEffect[] | undefined {
  const sets = [change, ...(change.settle ?? [])].map(pathsOf);
  return sets.some((paths) => paths === undefined) ? undefined : sets.flatMap((paths) => paths ?? []);
}

/** Whether a path equals another or is below it. */
function isAt(path: string, other: string): boolean {
  return path === other || other === '/' || path.startsWith(`${other}/`);
}

function guardPath({ family, key }: FactQuery<unknown>): string | undefined {
  return family.name === 'guard' ? guardOfKey(key).creates : undefined;
}
