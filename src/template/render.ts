import type { Checked, Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../model/types.ts';
import { evaluateExpression, isTemplate, render } from './compile.ts';
import { type Names, namesIn } from './context.ts';
import { toDiagnostic } from './locate.ts';
import { conditionHint, isMapping, typeName, UNKNOWN } from './values.ts';

export type Scope = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/**
 * Renders every text in a value, lists and mappings included; keys stay as they are. A lone
 * `{{ x }}` becomes `x` itself, with its type. What depends on UNKNOWN in the scope is UNKNOWN.
 * Reports everything that is wrong in it, where it stands; `path` is the value's own, for `locate`.
 */
export function renderValue(value: unknown, scope: Scope, locate: Locate, path: Path): Checked<unknown> {
  const diagnostics: Diagnostic[] = [];
  const rendered = renderDeep(value, namesIn(scope), locate, path, diagnostics);
  return diagnostics.length > 0 ? { diagnostics } : { value: rendered, diagnostics };
}

/**
 * The same with any source of names. Undefined with nothing in `diagnostics` means that a name
 * failed which is reported elsewhere.
 */
export function renderDeep(
  value: unknown,
  names: Names,
  locate: Locate,
  path: Path,
  diagnostics: Diagnostic[],
  onFailure: () => void = () => undefined,
): unknown {
  if (typeof value === 'string') {
    if (!isTemplate(value)) return value;
    const outcome = render(value, names);
    if (outcome.failed) onFailure();
    for (const fault of outcome.faults) diagnostics.push(toDiagnostic(fault, value, locate(path)));
    return outcome.value;
  }
  const inner = (element: unknown, key: string | number) =>
    renderDeep(element, names, locate, [...path, key], diagnostics, onFailure);
  if (Array.isArray(value)) return value.map(inner);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, inner(element, key)]));
}

/**
 * Evaluates a condition such as a step's `when`: an expression without braces that gives true or
 * false and nothing else, or UNKNOWN. An empty text, 0 and an empty list are errors, not false.
 */
export function evaluate(
  expression: string,
  scope: Scope,
  range: SourceRange,
): Checked<boolean | typeof UNKNOWN> {
  const { value, faults } = evaluateExpression(expression, namesIn(scope));
  if (faults.length > 0)
    return { diagnostics: faults.map((fault) => toDiagnostic(fault, expression, range)) };
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
