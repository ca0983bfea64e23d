import { revealedIn, SecretUnavailable, SecretValue } from '../secrets/secret-value.ts';
import { type Budget, limits } from './budget.ts';
import { type Span, TemplateError } from './template-error.ts';

/**
 * A value that only the probe can supply, or that an error reported elsewhere makes unknown; everything computed from
 * it is UNKNOWN as well.
 */
export const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * A name or an attribute that doesn't exist: an error as soon as it is used, except by `default` and `is defined`.
 */
export class Missing {
  readonly message: string;
  readonly span: Span | undefined;
  readonly hint: (() => string | undefined) | undefined;
  constructor(message: string, span: Span | undefined, hint?: () => string | undefined) {
    this.message = message;
    this.span = span;
    this.hint = hint;
  }
}

/** The value, which must be defined; a secret is revealed. */
export function present(value: unknown): unknown {
  return revealed(kept(value));
}

/** The same, but a secret stays one. */
export function kept(value: unknown): unknown {
  if (value instanceof Missing)
    throw new TemplateError('undefined-variable', value.message, value.span, value.hint?.());
  return value;
}

/** A secret's value, or the value itself. */
export function revealed(value: unknown): unknown {
  return value instanceof SecretValue ? wholly(value) : value;
}

/** A value with every secret in it revealed. */
export function wholly(value: unknown): unknown {
  try {
    return revealedIn(value);
  } catch (error) {
    if (!(error instanceof SecretUnavailable)) throw error;
    throw new TemplateError(error.code, error.message, undefined, error.hint, error.range);
  }
}

export type Mapping = { readonly [key: string]: unknown };

export function isMapping(value: unknown): value is Mapping {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether the value is UNKNOWN or contains it. */
export function containsUnknown(value: unknown): boolean {
  return holdsUnknown(value, undefined);
}

/** The same within a template's budget: a template can build a value far larger than its text. */
export function holdsUnknown(value: unknown, budget: Budget | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value === 'string') budget?.read(value);
  if (typeof value !== 'object' || value === null) return false;
  const inner = Array.isArray(value) ? value : isMapping(value) ? Object.values(value) : [];
  budget?.spend(inner.length);
  return inner.some((element) => holdsUnknown(element, budget));
}

/** For messages: `a string`, `none`. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (value instanceof SecretValue) return 'a secret';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `a ${typeof value}`;
}

/** Equal type, and equal content of lists and mappings. The caller has already walked both within the budget. */
export function equal(one: unknown, other: unknown): boolean {
  const [a, b] = [revealed(one), revealed(other)];
  if (a === b || (isNone(a) && isNone(b))) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element, i) => equal(element, b[i]));
  }
  if (!isMapping(a) || !isMapping(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}

export function isNone(value: unknown): boolean {
  return value === null || value === undefined;
}

/** A value inside a text. A list, a mapping or none there is usually a mistake. */
export function textOf(given: unknown, span?: Span): string {
  const value = revealed(given);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const hint = isNone(value)
    ? "say what to write instead, as in `x | default('')` or `x if x is not none else ''`"
    : 'use the filter join, or to_json';
  throw new TemplateError('not-text', `${typeName(value)} can't stand inside text`, span, hint);
}

/** True or false only: an empty list, 0 and 'no' are not conditions. */
export function condition(value: unknown, where: string, span?: Span): boolean {
  if (typeof value === 'boolean') return value;
  throw new TemplateError(
    'not-boolean',
    `${where} needs true or false, not ${typeName(value)}`,
    span,
    conditionHint(value),
  );
}

export function conditionHint(value: unknown): string {
  if (typeof value === 'string') return "compare it, as in `x == 'yes'`, or use the filter bool";
  if (typeof value === 'number') return 'compare it, as in `x > 0`';
  if (isNone(value)) return 'use `x is none` or `x is defined`';
  return 'use `x | length > 0`';
}

/** Keeps the text that a template produces within the limit. */
export function bounded(length: number, span?: Span): void {
  if (length > limits.outputLength) {
    throw new TemplateError(
      'template-too-large',
      `the template makes more than ${limits.outputLength} characters`,
      span,
    );
  }
}
