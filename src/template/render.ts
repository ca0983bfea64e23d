import type { Checked, Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { TooMuch } from '../source/allowance.ts';
import type { Locate } from '../source/locate.ts';
import { evaluateExpression, isTemplate, render } from './compile.ts';
import type { Names } from './context.ts';
import { toDiagnostics } from './locate.ts';
import { conditionHint, isMapping, typeName, UNKNOWN } from './values.ts';

export type Scope = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

export interface Rendered {
  /** With UNKNOWN for every text that is wrong or depends on UNKNOWN. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Renders every text in a value, including lists and mappings; keys are kept as they are. A lone `{{ x }}` becomes `x`
 * itself, with its type. A result that uses a secret is a SecretValue. Reports every error at its position; `path` is
 * the path of the value itself, for `locate`.
 */
export function renderValue(value: unknown, names: Names, locate: Locate, path: Path): Rendered {
  if (isConstant(value)) return { value, diagnostics: none };
  const diagnostics: Diagnostic[] = [];
  const deep = (inner: unknown, at: Path): unknown => {
    if (typeof inner === 'string') {
      if (!isTemplate(inner)) return inner;
      const outcome = placed(
        () => render(inner, names),
        () => locate(at),
      );
      if (outcome.faults.length > 0) diagnostics.push(...toDiagnostics(outcome.faults, inner, locate(at)));
      return outcome.value;
    }
    const part = (element: unknown, key: string | number) =>
      isConstant(element) ? element : deep(element, [...at, key]);
    if (Array.isArray(inner)) return inner.map(part);
    if (!isMapping(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, element]) => [key, part(element, key)]));
  };
  return { value: deep(value, path), diagnostics };
}

/** Adds the position to the error of exceeding the allowance; the innermost one wins. */
function placed<T>(compute: () => T, at: () => SourceRange): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof TooMuch) || error.range !== undefined) throw error;
    throw new TooMuch(error.message, at());
  }
}

const none: readonly Diagnostic[] = [];

/**
 * Renders a whole text as a template, such as a file: comments alone make it one, too. `range` is the text's position.
 */
export function renderText(text: string, names: Names, range: SourceRange): Rendered {
  const { value, faults } = placed(
    () => render(text, names),
    () => range,
  );
  return { value, diagnostics: toDiagnostics(faults, text, range) };
}

/** Whether the value contains no template. Such a value is the same on every host, and is searched only once. */
function isConstant(value: unknown): boolean {
  if (typeof value === 'string') return !isTemplate(value);
  if (typeof value !== 'object' || value === null) return true;
  let known = constants.get(value);
  if (known === undefined) {
    known = Object.values(value).every(isConstant);
    constants.set(value, known);
  }
  return known;
}

const constants = new WeakMap<object, boolean>();

/**
 * Evaluates a condition such as a step's `when`: an expression without braces that must be true or false, or is
 * UNKNOWN. An empty text, 0 and an empty list are errors, not false.
 */
export function evaluate(
  expression: string,
  names: Names,
  range: SourceRange,
): Checked<boolean | typeof UNKNOWN> {
  const { value, faults } = placed(
    () => evaluateExpression(expression, names),
    () => range,
  );
  if (faults.length > 0) return { diagnostics: toDiagnostics(faults, expression, range) };
  if (typeof value === 'boolean' || value === UNKNOWN) return { value, diagnostics: [] };
  return {
    diagnostics: [
      {
        severity: 'error',
        code: 'when-not-boolean',
        message: `the condition must give true or false, and gives ${typeName(value)}`,
        range,
        hint: conditionHint(value),
      },
    ],
  };
}
