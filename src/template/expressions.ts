import { InternalError } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Expression, ExpressionOf } from './ast.ts';
import { type Context, notFound } from './context.ts';
import { filters } from './filters.ts';
import { nameElsewhere } from './names-elsewhere.ts';
import { binaryOperators, negative } from './operators.ts';
import { predicates } from './predicates.ts';
import { itemAt, sliceOf } from './sequences.ts';
import { type Span, TemplateError } from './template-error.ts';
import { unknownFilter, unknownTest } from './unknown.ts';
import { condition, holdsUnknown, isMapping, Missing, present, typeName, UNKNOWN } from './values.ts';

/** Returns a value, UNKNOWN or Missing; throws TemplateError. */
export type Evaluate = (context: Context) => unknown;

/**
 * Turns an expression into a function. Faults that don't depend on variables go to `faults`; then the function must
 * not be called.
 */
export function compileExpression(node: Expression, faults: TemplateError[]): Evaluate {
  switch (node.type) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return variable(node);
    case 'list':
      return list(node, faults);
    case 'mapping':
      return mapping(node, faults);
    case 'member':
      return member(node, faults);
    case 'slice':
      return slice(node, faults);
    case 'unary':
      return unary(node, faults);
    case 'binary':
      return binary(node, faults);
    case 'choice':
      return choice(node, faults);
    case 'filter':
      return filtered(node, faults);
    case 'test':
      return tested(node, faults);
  }
}

/** The only place where a template reads a variable. */
function variable({ name, span }: ExpressionOf<'name'>): Evaluate {
  return ({ names }) => {
    const value = names.get(name);
    if (value !== notFound && typeof value !== 'function') return value;
    return new Missing(
      `'${name}' is not defined`,
      span,
      () => nameElsewhere(name) ?? didYouMean(name, names.all()),
    );
  };
}

/** Counts a computed value against the budget. */
function measured(value: unknown, { budget }: Context): unknown {
  budget.made(value);
  return value;
}

function list({ items }: ExpressionOf<'list'>, faults: TemplateError[]): Evaluate {
  const elements = items.map((item) => compileExpression(item, faults));
  return (context) => {
    context.budget.spend(elements.length);
    return elements.map((element) => present(element(context)));
  };
}

function mapping(node: ExpressionOf<'mapping'>, faults: TemplateError[]): Evaluate {
  const entries = node.entries.map(([key, value]) => [key, compileExpression(value, faults)] as const);
  return (context) => {
    context.budget.spend(entries.length);
    return Object.fromEntries(entries.map(([key, value]) => [key, present(value(context))]));
  };
}

/** Elements of lists, characters of texts and own keys of mappings; nothing of other values. */
function member(node: ExpressionOf<'member'>, faults: TemplateError[]): Evaluate {
  const object = compileExpression(node.object, faults);
  const property = compileExpression(node.key, faults);
  const { span } = node.key;
  return (context) => {
    const owner = object(context);
    if (owner instanceof Missing) return owner;
    const key = present(property(context));
    if (owner === UNKNOWN || key === UNKNOWN) return UNKNOWN;
    const item = itemAt(owner, key, context.budget);
    if (item !== undefined) return item;
    if (
      isMapping(owner) &&
      (typeof key === 'string' || typeof key === 'number') &&
      Object.hasOwn(owner, key)
    ) {
      const value = owner[key];
      if (typeof value !== 'function') return value;
    }
    return new Missing(`${describe(node.object, owner)} has no '${String(key)}'`, span, () =>
      isMapping(owner) ? didYouMean(String(key), Object.keys(owner)) : undefined,
    );
  };
}

/** `'overlay.lab'`, or the type of the value. */
function describe(node: Expression, value: unknown): string {
  const path = dotted(node);
  if (path === undefined) return typeName(value);
  return isMapping(value) ? `'${path}'` : `'${path}', which is ${typeName(value)},`;
}

function dotted(node: Expression): string | undefined {
  if (node.type === 'name') return node.name;
  if (node.type !== 'member' || !node.dotted || node.key.type !== 'literal') return undefined;
  const object = dotted(node.object);
  return object === undefined ? undefined : `${object}.${node.key.value}`;
}

function slice(node: ExpressionOf<'slice'>, faults: TemplateError[]): Evaluate {
  const object = compileExpression(node.object, faults);
  const parts = [node.from, node.to, node.step].map((part) => part && compileExpression(part, faults));
  return (context) => {
    const whole = object(context);
    if (whole instanceof Missing) return whole;
    const [from, to, step] = parts.map((part) => part && present(part(context)));
    if ([whole, from, to, step].includes(UNKNOWN)) return UNKNOWN;
    return measured(sliceOf(whole, { from, to, step }, context.budget, node.at), context);
  };
}

function unary(node: ExpressionOf<'unary'>, faults: TemplateError[]): Evaluate {
  const operand = compileExpression(node.operand, faults);
  const { operator, at } = node;
  return (context) => {
    const value = present(operand(context));
    if (value === UNKNOWN) return UNKNOWN;
    if (operator === 'not') return !condition(value, "'not'", at);
    return negative(operator, value, at);
  };
}

function binary(node: ExpressionOf<'binary'>, faults: TemplateError[]): Evaluate {
  const left = compileExpression(node.left, faults);
  const right = compileExpression(node.right, faults);
  const { operator, at } = node;
  if (operator === 'and' || operator === 'or') return logical(operator, left, right, at);
  const apply = binaryOperators.get(operator);
  if (apply === undefined) throw new InternalError(`the operator ${operator} is parsed and not implemented`);
  return (context) => {
    const a = present(left(context));
    const b = present(right(context));
    if (holdsUnknown(a, context.budget) || holdsUnknown(b, context.budget)) return UNKNOWN;
    return measured(apply(a, b, at), context);
  };
}

/** The right side is evaluated only if it matters, so it may rely on the left one. */
function logical(operator: 'and' | 'or', left: Evaluate, right: Evaluate, at: Span): Evaluate {
  return (context) => {
    const a = present(left(context));
    if (a === UNKNOWN) return UNKNOWN;
    if (condition(a, `'${operator}'`, at) === (operator === 'or')) return a;
    const b = present(right(context));
    return b === UNKNOWN ? UNKNOWN : condition(b, `'${operator}'`, at);
  };
}

function choice(node: ExpressionOf<'choice'>, faults: TemplateError[]): Evaluate {
  const test = compileExpression(node.condition, faults);
  const yes = compileExpression(node.yes, faults);
  const no = compileExpression(node.no, faults);
  const { span } = node.condition;
  return (context) => {
    const value = present(test(context));
    if (value === UNKNOWN) return UNKNOWN;
    return condition(value, "'if'", span) ? yes(context) : no(context);
  };
}

function filtered(node: ExpressionOf<'filter'>, faults: TemplateError[]): Evaluate {
  const operand = compileExpression(node.input, faults);
  const args = node.args.map((arg) => compileExpression(arg, faults));
  const { name, span } = node.filter;
  const filter = filters.get(name);
  if (!filter) return broken(faults, unknownFilter(node.filter, [...filters.keys()]));
  if (args.length !== filter.arguments) {
    const message = `filter '${name}' takes ${filter.arguments || 'no'} argument${filter.arguments === 1 ? '' : 's'}, not ${args.length}`;
    return broken(faults, new TemplateError('filter-arguments', message, span));
  }
  return (context) => {
    const input = operand(context);
    if (filter.onMissing) {
      if (input !== UNKNOWN && !(input instanceof Missing)) return input;
      return input === UNKNOWN ? UNKNOWN : args[0]?.(context);
    }
    const values = args.map((arg) => present(arg(context)));
    const known = present(input);
    if ([known, ...values].some((value) => holdsUnknown(value, context.budget))) return UNKNOWN;
    return measured(filter.apply(known, values, span), context);
  };
}

function tested(node: ExpressionOf<'test'>, faults: TemplateError[]): Evaluate {
  const operand = compileExpression(node.operand, faults);
  const predicate = predicates.get(node.test.name);
  if (!predicate) return broken(faults, unknownTest(node.test, [...predicates.keys()]));
  return (context) => {
    const value = operand(context);
    if (value === UNKNOWN) return UNKNOWN;
    if (!predicate.onMissing) present(value);
    return predicate.holds(value) !== node.negated;
  };
}

function broken(faults: TemplateError[], fault: TemplateError): Evaluate {
  faults.push(fault);
  return () => UNKNOWN;
}
