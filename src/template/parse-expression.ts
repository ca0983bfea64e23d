import { type Expression, node } from './ast.ts';
import { type Cursor, joined } from './cursor.ts';
import { constants } from './names.ts';
import { notAllowed, syntaxFault } from './syntax-fault.ts';
import type { Span } from './template-error.ts';

const or = 1;
const comparison = 3;
/** Operator precedence. Operators of one level associate to the left, even `**`, as in Jinja. */
const levels: ReadonlyMap<string, number> = new Map([
  ['or', or],
  ['and', 2],
  ...['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'].map((sign) => [sign, comparison] as const),
  // In Jinja `~` binds tighter than `+`. Where that matters, `+` would add a text and fail, so no template changes its
  // meaning.
  ['+', 4],
  ['-', 4],
  ['~', 4],
  ['*', 5],
  ['/', 5],
  ['//', 5],
  ['%', 5],
  ['**', 6],
]);

/** The message for an 'if' without 'else'. */
interface LoneIf {
  readonly message: string;
  readonly hint: string;
}

const needsElse: LoneIf = {
  message: "an 'if' inside an expression needs an 'else'",
  hint: "say what it is otherwise: `a if x else ''`",
};

/** Parses one expression as far as it goes, by Jinja's precedence. Throws TemplateError. */
export function parseExpression(cursor: Cursor, loneIf = needsElse): Expression {
  return cursor.nested(() => {
    let yes = binary(cursor, or);
    for (let word = cursor.take('name', 'if'); word; word = cursor.take('name', 'if')) {
      const condition = binary(cursor, or);
      if (!cursor.take('name', 'else')) {
        throw notAllowed(loneIf.message, word.span, loneIf.hint);
      }
      const no = parseExpression(cursor);
      yes = node({ type: 'choice', condition, yes, no, span: joined(yes.span, no.span) }, [
        condition,
        yes,
        no,
      ]);
    }
    return yes;
  });
}

/** Operators of a level, and all that bind tighter. */
function binary(cursor: Cursor, level: number): Expression {
  let left = level <= comparison && cursor.is('name', 'not') ? negation(cursor) : unary(cursor);
  let compared = false;
  for (;;) {
    const operator = operatorAt(cursor);
    const own = levels.get(operator) ?? 0;
    if (own < level) return left;
    const first = cursor.next().span;
    const at = operator === 'not in' ? joined(first, cursor.next().span) : first;
    if (own === comparison && compared) {
      throw notAllowed("comparisons can't be chained", at, 'write `a < b and b < c`');
    }
    compared = own === comparison;
    const right = binary(cursor, own + 1);
    left = node({ type: 'binary', operator, left, right, at, span: joined(left.span, right.span) }, [
      left,
      right,
    ]);
  }
}

function operatorAt({ token, following }: Cursor): string {
  if (token.type !== 'operator' && token.type !== 'name') return '';
  if (token.type === 'operator' || token.value !== 'not') return token.value;
  return following.type === 'name' && following.value === 'in' ? 'not in' : '';
}

/** `not` binds looser than a comparison. */
function negation(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const at = cursor.next().span;
    const operand = binary(cursor, comparison);
    return node({ type: 'unary', operator: 'not', operand, at, span: joined(at, operand.span) }, [operand]);
  });
}

/** A filter applies to the number with its sign: `-7 | string`. */
function unary(cursor: Cursor): Expression {
  return filtered(cursor, signed(cursor));
}

function signed(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.type !== 'operator' || (token.value !== '-' && token.value !== '+')) return postfix(cursor);
  const operator = token.value;
  return cursor.nested(() => {
    const at = cursor.next().span;
    const operand = signed(cursor);
    return node({ type: 'unary', operator, operand, at, span: joined(at, operand.span) }, [operand]);
  });
}

/** `x.y`, `x[y]`. */
function postfix(cursor: Cursor): Expression {
  let object = primary(cursor);
  for (;;) {
    if (cursor.is('operator', '(')) throw calls(object);
    if (cursor.take('operator', '.')) object = attribute(cursor, object);
    else if (cursor.is('operator', '[')) object = subscript(cursor, object);
    else return object;
  }
}

function attribute(cursor: Cursor, object: Expression): Expression {
  const { token } = cursor;
  if (token.type !== 'name' && token.type !== 'number') cursor.fail('expected a name or a number');
  cursor.next();
  const key = node({ type: 'literal', value: token.value, span: token.span }, []);
  return node({ type: 'member', object, key, dotted: true, span: joined(object.span, key.span) }, [object]);
}

/** `x | filter`, `x is test`. */
function filtered(cursor: Cursor, value: Expression): Expression {
  let input = value;
  for (;;) {
    if (cursor.take('operator', '|')) {
      const filter = cursor.word("expected a filter's name");
      const { args, end } = argumentsOf(cursor);
      const span = joined(input.span, end ?? filter.span);
      input = node({ type: 'filter', input, filter, args, span }, [input, ...args]);
    } else if (cursor.take('name', 'is')) {
      const negated = cursor.take('name', 'not') !== undefined;
      const test = cursor.word("expected a test's name");
      input = node({ type: 'test', operand: input, test, negated, span: joined(input.span, test.span) }, [
        input,
      ]);
      if (cursor.is('operator', '(')) {
        throw notAllowed(`test 'is ${test.name}' takes no arguments`, cursor.token.span);
      }
    } else if (cursor.is('operator', '(')) throw calls(input);
    else return input;
  }
}

function primary(cursor: Cursor): Expression {
  const { token } = cursor;
  const { span } = token;
  if (token.type === 'string' || token.type === 'number') {
    cursor.next();
    return node({ type: 'literal', value: token.value, span }, []);
  }
  if (token.type === 'name') {
    const constant = constants.get(token.value);
    if (constant === undefined)
      return node({ type: 'name', name: cursor.word('expected a value').name, span }, []);
    cursor.next();
    return node({ type: 'literal', value: constant, span }, []);
  }
  if (cursor.is('operator', '(')) return parenthesised(cursor);
  if (cursor.is('operator', '{')) return mapping(cursor);
  if (!cursor.is('operator', '[')) cursor.fail('expected a value');
  const { values, closed } = items(cursor, ']');
  return node({ type: 'list', items: values, span: joined(span, closed) }, values);
}

/** Several values are a list, and so is one value with a trailing comma. */
function parenthesised(cursor: Cursor): Expression {
  const { span } = cursor.token;
  const { values, closed, commas } = items(cursor, ')');
  const [only] = values;
  if (only && commas === 0) return { ...only, span: joined(span, closed) };
  return node({ type: 'list', items: values, span: joined(span, closed) }, values);
}

function calls(callee: Expression) {
  return notAllowed(
    'nothing can be called in a template',
    callee.span,
    'filters work on values: `x | upper`',
  );
}

/** Values in brackets, separated by commas; a trailing comma is allowed. */
function items(
  cursor: Cursor,
  closing: ')' | ']',
): { values: readonly Expression[]; commas: number; closed: Span } {
  cursor.next();
  const values: Expression[] = [];
  let commas = 0;
  while (!cursor.is('operator', closing)) {
    values.push(parseExpression(cursor));
    if (!cursor.take('operator', ',')) break;
    commas++;
  }
  return { values, commas, closed: cursor.expect(closing, 'a comma').span };
}

/** `{'key': value}`; throws TemplateError. */
function mapping(cursor: Cursor): Expression {
  const open = cursor.next().span;
  const entries: (readonly [string, Expression])[] = [];
  while (!cursor.is('operator', '}')) {
    const { token } = cursor;
    if (token.type !== 'string' || cursor.following.value !== ':') {
      throw syntaxFault(
        "a mapping's keys are quoted, with a colon behind them",
        token.span,
        "write {'key': value}",
      );
    }
    cursor.next();
    cursor.next();
    entries.push([token.value, parseExpression(cursor)]);
    if (!cursor.take('operator', ',')) break;
  }
  const closed = cursor.expect('}', 'a comma').span;
  return node(
    { type: 'mapping', entries, span: joined(open, closed) },
    entries.map(([, value]) => value),
  );
}

/** `x[key]` and `x[from:to:step]`, where each part is optional. */
function subscript(cursor: Cursor, object: Expression): Expression {
  const open = cursor.next().span;
  const parts: (Expression | undefined)[] = [undefined];
  for (;;) {
    if (!cursor.is('operator', ':', ']')) parts[parts.length - 1] = parseExpression(cursor);
    if (parts.length === 3 || !cursor.take('operator', ':')) break;
    parts.push(undefined);
  }
  const [first, to, step] = parts;
  if (parts.length === 1 && first === undefined) cursor.fail('expected a value');
  const closed = cursor.expect(']').span;
  const span = joined(object.span, closed);
  if (parts.length === 1 && first)
    return node({ type: 'member', object, key: first, dotted: false, span }, [object, first]);
  const given = [first, to, step].filter((part) => part !== undefined);
  return node({ type: 'slice', object, from: first, to, step, at: joined(open, closed), span }, [
    object,
    ...given,
  ]);
}

/** A filter's arguments; none without parentheses. */
function argumentsOf(cursor: Cursor): { args: readonly Expression[]; end: Span | undefined } {
  if (!cursor.is('operator', '(')) return { args: [], end: undefined };
  cursor.next();
  const args: Expression[] = [];
  while (!cursor.is('operator', ')')) {
    const { token, following } = cursor;
    if (token.type === 'name' && following.type === 'operator' && following.value === '=') {
      throw notAllowed(
        "a filter's arguments have no names",
        joined(token.span, following.span),
        'write the value alone',
      );
    }
    args.push(parseExpression(cursor));
    if (!cursor.take('operator', ',')) break;
  }
  return { args, end: cursor.expect(')', 'a comma').span };
}
