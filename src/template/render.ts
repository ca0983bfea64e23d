import type { Checked, Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { TooMuch } from '../model/schema/allowance.ts';
import type { Locate } from '../model/types.ts';
import { evaluateExpression, isTemplate, render } from './compile.ts';
import type { Names } from './context.ts';
import { toDiagnostics } from './locate.ts';
import { conditionHint, isMapping, typeName, UNKNOWN } from './values.ts';

export type Scope = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

export interface Rendered {
  /** With UNKNOWN in the place of every text that is wrong, or that depends on UNKNOWN. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Renders every text in a value, lists and mappings included; keys stay as they are. A lone
 * `{{ x }}` becomes `x` itself, with its type. What is made of a secret is a SecretValue.
 * Reports everything that is wrong in it, where it stands; `path` is the value's own, for `locate`.
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

/** What takes too much is told with its place: the innermost, where one leads to another. */
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
 * Renders a text that is a template as a whole, such as a file's: comments alone make it one, too. `range` is
 * where the text stands.
 */
export function renderText(text: string, names: Names, range: SourceRange): Rendered {
  const { value, faults } = placed(
    () => render(text, names),
    () => range,
  );
  return { value, diagnostics: toDiagnostics(faults, text, range) };
}

/** Whether no text in the value is a template: what is, is the same for every host, and is looked through once. */
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
 * Evaluates a condition such as a step's `when`: an expression without braces that gives true or
 * false and nothing else, or UNKNOWN. An empty text, 0 and an empty list are errors, not false.
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
