import type { Statement } from './ast.ts';
import type { Budget } from './budget.ts';
import type { Fault } from './fault.ts';

/** What a name means; how it is looked up is the caller's business. */
export interface Names {
  /** `notFound` when there is no such name. */
  readonly get: (name: string) => unknown;
  /** For hints. */
  readonly all: () => Iterable<string>;
}

export const notFound: unique symbol = Symbol('not found');

/** Own properties alone: `constructor` and `__proto__` are no names. */
export function namesIn(scope: Readonly<Record<string, unknown>>): Names {
  return {
    get: (name) => (Object.hasOwn(scope, name) ? scope[name] : notFound),
    all: () => Object.keys(scope),
  };
}

/** What a template sets itself, before what it is given. */
export function withLocals(locals: ReadonlyMap<string, unknown>, outer: Names): Names {
  return {
    get: (name) => (locals.has(name) ? locals.get(name) : outer.get(name)),
    all: () => [...locals.keys(), ...outer.all()],
  };
}

/** One evaluation of one template. */
export interface Context {
  readonly names: Names;
  /** Where `{% set %}` writes; read through `names`. */
  readonly locals: Map<string, unknown>;
  readonly budget: Budget;
  /** What was wrong so far, by the statement that is now skipped: a loop comes by often. */
  readonly wrong: Map<Statement, Fault>;
}
