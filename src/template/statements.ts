import { mostTold } from '../diagnostics/bounded.ts';
import { tracked, trackedText, trackedWhole } from '../secrets/secret-value.ts';
import { spendWork } from '../source/allowance.ts';
import type { Body, Parsed, Statement } from './ast.ts';
import { type Context, withLocals } from './context.ts';
import { compileExpression, type Evaluate } from './expressions.ts';
import { Output } from './output.ts';
import { type Span, TemplateError } from './template-error.ts';
import { condition, holdsUnknown, isMapping, kept, present, typeName, UNKNOWN } from './values.ts';

/** Writes to `output`. Throws only a TemplateError, if the template exceeds its budget, and `stopped`. */
export type Execute = (context: Context, output: Output) => void;

/** Thrown at a statement that can't be parsed, since the rest may depend on it, and after too many faults. */
export const stopped: unique symbol = Symbol('stopped');

type StatementOf<T extends Statement['type']> = Extract<Statement, { type: T }>;

/**
 * Turns statements into one function. Faults that don't depend on variables go to `faults`. Faults at run time go to
 * the context, and the function goes on: the output is then UNKNOWN, and so is each name that the statement sets.
 */
export function compileBody(body: Body, faults: TemplateError[]): Execute {
  const statements = body.map((statement) => guarded(statement, faults));
  return (context, output) => {
    spendWork(statements.length);
    for (const statement of statements) statement(context, output);
  };
}

function guarded(statement: Statement, faults: TemplateError[]): Execute {
  if (statement.type === 'nothing') return () => undefined;
  if (statement.type === 'text') return (_, output) => output.put(statement.value);
  const execute = compileStatement(statement, faults);
  const names = namesSetBy(statement);
  return (context, output) => {
    try {
      if (!context.wrong.has(statement) && execute(context, output) !== 'unknown') return;
    } catch (error) {
      if (!(error instanceof TemplateError) || error.code === 'template-too-large') throw error;
      context.wrong.set(statement, error);
      spendWork(perFault);
      if (context.wrong.size >= mostTold) throw stopped;
    }
    output.put(UNKNOWN);
    for (const name of names) context.locals.set(name, UNKNOWN);
  };
}

/** The cost of a fault, in units of the play's allowance. */
const perFault = 50;

/**
 * The names that a statement may set for what follows. Names set in a loop's iteration are gone after it, as in Jinja.
 */
function namesSetBy(statement: Statement): readonly string[] {
  if (statement.type === 'set') return [statement.name];
  if (statement.type !== 'if') return [];
  const bodies = [...statement.branches.map(({ body }) => body), statement.otherwise];
  return [...new Set(bodies.flat().flatMap(namesSetBy))];
}

/** Throws TemplateError; `unknown` if its effect can't be known. */
type Attempt = (context: Context, output: Output) => 'unknown' | undefined;

function compileStatement(
  statement: StatementOf<'output' | 'if' | 'for' | 'set' | 'broken'>,
  faults: TemplateError[],
): Attempt {
  switch (statement.type) {
    case 'output':
      return output(statement, faults);
    case 'if':
      return branch(statement, faults);
    case 'for':
      return loop(statement, faults);
    case 'set':
      return assignment(statement, faults);
    case 'broken':
      return () => {
        throw stopped;
      };
  }
}

/** UNKNOWN if it is wrong whatever the variables are. */
function compileParsed(parsed: Parsed, faults: TemplateError[]): Evaluate {
  if (parsed === undefined) return () => UNKNOWN;
  const before = faults.length;
  const evaluate = compileExpression(parsed, faults);
  return faults.length > before ? () => UNKNOWN : evaluate;
}

function output({ expression }: StatementOf<'output'>, faults: TemplateError[]): Attempt {
  const evaluate = compileParsed(expression, faults);
  const span = expression?.span;
  return (context, out) => {
    const value = trackedText(() => present(evaluate(context)));
    // A value that contains UNKNOWN makes the text UNKNOWN.
    if (holdsUnknown(value, context.budget)) return 'unknown';
    out.put(value, span);
    return undefined;
  };
}

function branch(node: StatementOf<'if'>, faults: TemplateError[]): Attempt {
  const branches = node.branches.map(({ test, body }) => ({
    test: compileParsed(test, faults),
    body: compileBody(body, faults),
    span: test?.span,
  }));
  const otherwise = compileBody(node.otherwise, faults);
  return (context, out) => {
    for (const { test, body, span } of branches) {
      const value = present(test(context));
      if (value === UNKNOWN) return 'unknown';
      if (condition(value, "'if'", span)) {
        body(context, out);
        return undefined;
      }
    }
    otherwise(context, out);
    return undefined;
  };
}

/** The cost of an iteration besides its statements, in units of the play's allowance. */
const perRound = 4;

/** Over the elements of a list, or the pairs of a mapping. */
function loop(node: StatementOf<'for'>, faults: TemplateError[]): Attempt {
  const { targets } = node;
  const iterable = compileParsed(node.iterable, faults);
  const body = compileBody(node.body, faults);
  const otherwise = compileBody(node.otherwise, faults);
  const span = node.iterable?.span;
  return (context, out) => {
    const value = tracked(() => kept(iterable(context)));
    if (value === UNKNOWN) return 'unknown';
    const items = elements(value, targets.length, span);
    if (items.length === 0) otherwise(context, out);
    items.forEach((item, i) => {
      context.budget.spend(1);
      spendWork(perRound);
      const locals = new Map<string, unknown>([['loop', position(i, items.length)]]);
      bind(locals, targets, item, span);
      body({ ...context, locals, names: withLocals(locals, context.names) }, out);
    });
    return undefined;
  };
}

function assignment({ name, value, body }: StatementOf<'set'>, faults: TemplateError[]): Attempt {
  if (body === undefined) {
    const evaluate = compileParsed(value, faults);
    return (context) => {
      context.locals.set(
        name,
        tracked(() => kept(evaluate(context))),
      );
      return undefined;
    };
  }
  const execute = compileBody(body, faults);
  return (context) => {
    const made = trackedWhole(() => {
      const own = new Output();
      execute(context, own);
      return own.unknown ? UNKNOWN : own.text();
    });
    context.locals.set(name, made);
    return undefined;
  };
}

function elements(value: unknown, targets: number, span: Span | undefined): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isMapping(value) && targets === 2) return Object.entries(value);
  const hint = isMapping(value) ? 'write `for key, value in …`' : undefined;
  throw new TemplateError('type-mismatch', `'for' goes over a list, not over ${typeName(value)}`, span, hint);
}

function position(i: number, length: number) {
  return { index: i + 1, index0: i, first: i === 0, last: i === length - 1, length };
}

function bind(
  locals: Map<string, unknown>,
  targets: readonly { name: string }[],
  item: unknown,
  span: Span | undefined,
): void {
  const values = targets.length === 1 ? [item] : item === UNKNOWN ? targets.map(() => UNKNOWN) : item;
  if (!Array.isArray(values) || values.length !== targets.length) {
    throw new TemplateError(
      'type-mismatch',
      `'for' has ${targets.length} names for each element, which is ${typeName(item)}`,
      span,
    );
  }
  targets.forEach(({ name }, i) => {
    locals.set(name, values[i]);
  });
}
