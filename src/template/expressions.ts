import { didYouMean } from '../diagnostics/nearest.ts';
import { type Context, notFound } from './context.ts';
import { Fault, type Span } from './fault.ts';
import { filters } from './filters.ts';
import { type BinaryOperator, binaryOperators, negative } from './operators.ts';
import { predicates } from './predicates.ts';
import { type Name, type Node, nameOf, type Syntax, spanOf, syntaxFault } from './syntax.ts';
import { condition, holdsUnknown, isMapping, Missing, present, typeName, UNKNOWN } from './values.ts';

/** Gives a value, UNKNOWN or Missing; throws Fault. */
export type Evaluate = (context: Context) => unknown;

const constants = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['none', null],
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Turns an expression into a function, and refuses whatever isn't listed here: calls above all. */
export function compileExpression(node: Node, syntax: Syntax): Evaluate {
  switch (node.type) {
    case 'Identifier':
      return variable(nameOf(node));
    case 'IntegerLiteral':
    case 'FloatLiteral':
    case 'StringLiteral': {
      const { value } = node;
      return () => value;
    }
    case 'ArrayLiteral':
    case 'TupleLiteral':
      return list(node.value, syntax);
    case 'ObjectLiteral':
      return mapping(node.value, syntax);
    case 'MemberExpression':
      return member(node, syntax);
    case 'UnaryExpression':
      return unary(node, syntax);
    case 'BinaryExpression':
      return binary(node, syntax);
    case 'Ternary':
      return ternary(node, syntax);
    case 'FilterExpression':
      return filtered(node, syntax);
    case 'TestExpression':
      return tested(node, syntax);
    case 'CallExpression':
      throw refused(
        'nothing can be called in a template',
        spanOf(node.callee),
        'filters work on values: `x | upper`',
      );
    case 'SelectExpression':
      throw refused("an 'if' inside an expression needs an 'else'");
    case 'SliceExpression':
      throw refused("parts of lists (`[1:2]`) can't be taken in a template");
    default:
      throw refused(`${node.type} can't be used in an expression`);
  }
}

function refused(problem: string, span?: Span, hint?: string): Fault {
  return new Fault('template-not-allowed', problem, span, hint);
}

function variable({ name, span }: Name): Evaluate {
  if (constants.has(name)) {
    const value = constants.get(name);
    return () => value;
  }
  return ({ names }) => {
    const value = names.get(name);
    if (value !== notFound && typeof value !== 'function') return value;
    return new Missing(`'${name}' is not defined`, span, () => didYouMean(name, names.all()));
  };
}

function list(nodes: readonly Node[], syntax: Syntax): Evaluate {
  const elements = nodes.map((node) => compileExpression(node, syntax));
  return (context) => elements.map((element) => present(element(context)));
}

function mapping(nodes: ReadonlyMap<Node, Node>, syntax: Syntax): Evaluate {
  const entries = Array.from(nodes, ([key, value]) => {
    if (key.type !== 'StringLiteral') throw syntaxFault("a mapping's keys are quoted", spanOf(key));
    return [key.value, compileExpression(value, syntax)] as const;
  });
  return (context) => Object.fromEntries(entries.map(([key, value]) => [key, present(value(context))]));
}

/** Elements of lists and own keys of mappings; of anything else nothing. */
function member(node: Extract<Node, { type: 'MemberExpression' }>, syntax: Syntax): Evaluate {
  const object = compileExpression(node.object, syntax);
  const fixed = node.property.type === 'Identifier' && !node.computed ? nameOf(node.property) : undefined;
  const span = fixed?.span ?? spanOf(node.property) ?? spanOf(node.object);
  const property = fixed ? () => fixed.name : compileExpression(node.property, syntax);
  return (context) => {
    const owner = object(context);
    if (owner instanceof Missing) return owner;
    const key = present(property(context));
    if (owner === UNKNOWN || key === UNKNOWN) return UNKNOWN;
    if (
      Array.isArray(owner) &&
      Number.isInteger(key) &&
      (key as number) >= 0 &&
      (key as number) < owner.length
    ) {
      return owner[key as number];
    }
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

/** `'overlay.lab'`, or what kind of thing it is. */
function describe(node: Node, value: unknown): string {
  const path = dotted(node);
  if (path === undefined) return typeName(value);
  return isMapping(value) ? `'${path}'` : `'${path}', which is ${typeName(value)},`;
}

function dotted(node: Node): string | undefined {
  if (node.type === 'Identifier') return nameOf(node).name;
  if (node.type !== 'MemberExpression' || node.computed) return undefined;
  const object = dotted(node.object);
  if (object === undefined) return undefined;
  if (node.property.type === 'Identifier') return `${object}.${nameOf(node.property).name}`;
  return node.property.type === 'IntegerLiteral' ? `${object}.${node.property.value}` : undefined;
}

function unary(node: Extract<Node, { type: 'UnaryExpression' }>, syntax: Syntax): Evaluate {
  const argument = compileExpression(node.argument, syntax);
  const span = syntax.operatorSpan(node.operator);
  const operator = node.operator.value;
  return (context) => {
    const value = present(argument(context));
    if (value === UNKNOWN) return UNKNOWN;
    if (operator === 'not') return !condition(value, "'not'", span);
    return negative(operator, value, span);
  };
}

function binary(node: Extract<Node, { type: 'BinaryExpression' }>, syntax: Syntax): Evaluate {
  const left = compileExpression(node.left, syntax);
  const right = compileExpression(node.right, syntax);
  const operator = node.operator.value;
  const span = syntax.operatorSpan(node.operator) ?? spanOf(node.left);
  if (operator === 'and' || operator === 'or') return logical(operator, left, right, span);
  const apply: BinaryOperator | undefined = binaryOperators.get(operator);
  if (!apply) throw refused(`there is no operator '${operator}'`, span);
  return (context) => {
    const a = present(left(context));
    const b = present(right(context));
    if (holdsUnknown(a, context.budget) || holdsUnknown(b, context.budget)) return UNKNOWN;
    return apply(a, b, span);
  };
}

/** The right side is looked at only when it matters, so that it may rely on the left one. */
function logical(operator: 'and' | 'or', left: Evaluate, right: Evaluate, span: Span | undefined): Evaluate {
  return (context) => {
    const a = present(left(context));
    if (a === UNKNOWN) return UNKNOWN;
    if (condition(a, `'${operator}'`, span) === (operator === 'or')) return a;
    const b = present(right(context));
    return b === UNKNOWN ? UNKNOWN : condition(b, `'${operator}'`, span);
  };
}

function ternary(node: Extract<Node, { type: 'Ternary' }>, syntax: Syntax): Evaluate {
  const test = compileExpression(node.condition, syntax);
  const yes = compileExpression(node.trueExpr, syntax);
  const no = compileExpression(node.falseExpr, syntax);
  const span = spanOf(node.condition);
  return (context) => {
    const value = present(test(context));
    if (value === UNKNOWN) return UNKNOWN;
    return condition(value, "'if'", span) ? yes(context) : no(context);
  };
}

function filtered(node: Extract<Node, { type: 'FilterExpression' }>, syntax: Syntax): Evaluate {
  const operand = compileExpression(node.operand, syntax);
  const call = node.filter;
  const { name, span } = nameOf(call.type === 'CallExpression' ? call.callee : call);
  const filter = filters.get(name);
  if (!filter)
    throw new Fault('unknown-filter', `there is no filter '${name}'`, span, didYouMean(name, filters.keys()));
  const args = (call.type === 'CallExpression' ? call.args : []).map((arg) => compileExpression(arg, syntax));
  if (args.length !== filter.arguments) {
    throw new Fault(
      'filter-arguments',
      `filter '${name}' takes ${filter.arguments || 'no'} argument${filter.arguments === 1 ? '' : 's'}, not ${args.length}`,
      span,
    );
  }
  return (context) => {
    const input = operand(context);
    if (filter.onMissing) {
      if (input !== UNKNOWN && !(input instanceof Missing)) return input;
      return input === UNKNOWN ? UNKNOWN : args[0]?.(context);
    }
    const values = args.map((arg) => present(arg(context)));
    if ([present(input), ...values].some((value) => holdsUnknown(value, context.budget))) return UNKNOWN;
    return filter.apply(input, values, span);
  };
}

function tested(node: Extract<Node, { type: 'TestExpression' }>, syntax: Syntax): Evaluate {
  const operand = compileExpression(node.operand, syntax);
  const { name, span } = nameOf(node.test);
  const predicate = predicates.get(name);
  if (!predicate)
    throw new Fault(
      'unknown-test',
      `there is no test 'is ${name}'`,
      span,
      didYouMean(name, predicates.keys()),
    );
  return (context) => {
    const value = operand(context);
    if (value === UNKNOWN) return UNKNOWN;
    if (!predicate.onMissing) present(value);
    return predicate.holds(value) !== node.negate;
  };
}
