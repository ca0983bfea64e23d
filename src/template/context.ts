import type { Statement } from './ast.ts';
import type { Budget } from './budget.ts';
import type { TemplateError } from './template-error.ts';

/** Looks up names; the caller decides how. */
export interface Names {
  /** `notFound` if there is no such name. */
  readonly get: (name: string) => unknown;
  /** For hints. */
  readonly all: () => Iterable<string>;
}

export const notFound: unique symbol = Symbol('not found');

/** Own properties only: `constructor` and `__proto__` are not names. */
export function namesIn(scope: Readonly<Record<string, unknown>>): Names {
  return {
    get: (name) => (Object.hasOwn(scope, name) ? scope[name] : notFound),
    all: () => Object.keys(scope),
  };
}

/** What a template sets itself takes precedence over the outer names. */
export function withLocals(locals: ReadonlyMap<string, unknown>, outer: Names): Names {
  return {
    get: (name) => (locals.has(name) ? locals.get(name) : outer.get(name)),
    all: () => [...locals.keys(), ...outer.all()],
  };
}

/** One evaluation of one template. */
export interface Context {
  readonly names: Names;
  /** `{% set %}` writes here; read through `names`. */
  readonly locals: Map<string, unknown>;
  readonly budget: Budget;
  /** The faults so far, by their statement, which is skipped from then on: a loop repeats it. */
  readonly wrong: Map<Statement, TemplateError>;
}
