import { type Span, TemplateError } from './template-error.ts';
import { bounded, equal, isMapping, isNone, textOf, typeName } from './values.ts';

/** Both operands are known and defined. */
export type BinaryOperator = (a: unknown, b: unknown, span: Span | undefined) => unknown;

export const binaryOperators: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ['+', arithmetic('+', (a, b) => a + b)],
  ['-', arithmetic('-', (a, b) => a - b)],
  ['*', arithmetic('*', (a, b) => a * b)],
  ['/', arithmetic('/', (a, b) => a / b)],
  ['//', arithmetic('//', (a, b) => Math.floor(a / b))],
  ['%', arithmetic('%', (a, b) => a - b * Math.floor(a / b))], // the divisor's sign, as in Jinja
  ['**', arithmetic('**', (a, b) => a ** b)],
  ['~', concatenate],
  ['==', (a, b, span) => alike(a, b, span)],
  ['!=', (a, b, span) => !alike(a, b, span)],
  ['<', ordering('<', (order) => order < 0)],
  ['<=', ordering('<=', (order) => order <= 0)],
  ['>', ordering('>', (order) => order > 0)],
  ['>=', ordering('>=', (order) => order >= 0)],
  ['in', (a, b, span) => holds(a, b, span)],
  ['not in', (a, b, span) => !holds(a, b, span)],
]);

/** `-x` and `+x`. */
export function negative(operator: string, value: unknown, span: Span | undefined): number {
  if (typeof value !== 'number') throw mismatch(`'${operator}' needs a number, not ${typeName(value)}`, span);
  return operator === '-' ? -value : value;
}

function mismatch(message: string, span: Span | undefined, hint?: string): TemplateError {
  return new TemplateError('type-mismatch', message, span, hint);
}

function arithmetic(operator: string, compute: (a: number, b: number) => number): BinaryOperator {
  return (a, b, span) => {
    if (typeof a !== 'number' || typeof b !== 'number') {
      const wrong = typeof a === 'number' ? b : a;
      const hint =
        typeof wrong !== 'string' ? undefined : operator === '+' ? 'join text with ~' : 'use the filter int';
      throw mismatch(`'${operator}' needs numbers, not ${typeName(wrong)}`, span, hint);
    }
    const result = compute(a, b);
    if (!Number.isFinite(result)) throw mismatch(`${a} ${operator} ${b} is not a number`, span);
    if ([a, b, result].every(Number.isInteger) && !Number.isSafeInteger(result)) {
      throw mismatch(`${a} ${operator} ${b} is too large to be exact`, span);
    }
    return result;
  };
}

function concatenate(a: unknown, b: unknown, span: Span | undefined): string {
  const left = textOf(a, span);
  const right = textOf(b, span);
  bounded(left.length + right.length, span);
  return left + right;
}

/** '3' == 3 would silently be false, and `-e n=3` leads to it. */
function alike(a: unknown, b: unknown, span: Span | undefined): boolean {
  if (typeName(a) !== typeName(b) && !isNone(a) && !isNone(b)) {
    throw mismatch(
      `${typeName(a)} and ${typeName(b)} are never equal`,
      span,
      'convert one of them with the filter int, string or bool',
    );
  }
  return equal(a, b);
}

function ordering(operator: string, accept: (order: number) => boolean): BinaryOperator {
  return (a, b, span) => {
    if (typeof a === 'number' && typeof b === 'number') return accept(a - b);
    if (typeof a === 'string' && typeof b === 'string') return accept(a < b ? -1 : a > b ? 1 : 0);
    throw mismatch(
      `'${operator}' compares two numbers or two strings, not ${typeName(a)} and ${typeName(b)}`,
      span,
    );
  };
}

function holds(a: unknown, b: unknown, span: Span | undefined): boolean {
  if (Array.isArray(b)) return b.some((element) => equal(element, a));
  if (isMapping(b) && typeof a === 'string') return Object.hasOwn(b, a);
  if (typeof b === 'string' && typeof a === 'string') return b.includes(a);
  throw mismatch(
    `'in' looks for an element in a list, a key in a mapping or text in text, not for ${typeName(a)} in ${typeName(b)}`,
    span,
  );
}
