import type { FactQuery, Facts } from '../facts/fact.ts';

/** A fact, or undefined where it isn't known. */
export function known<T>(facts: Facts, query: FactQuery<T>): T | undefined {
  return facts.knows(query) ? facts.get(query) : undefined;
}
