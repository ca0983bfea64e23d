import { type Context, withLocals } from './context.ts';
import { compileExpression, type Evaluate } from './expressions.ts';
import { Fault, type Span } from './fault.ts';
import { type Node, nameOf, type Syntax, spanOf } from './syntax.ts';
import { bounded, condition, holdsUnknown, isMapping, present, textOf, typeName, UNKNOWN } from './values.ts';

/** Collects what a template puts out. */
export class Output {
  #parts: string[] = [];
  #length = 0;
  /** Whether anything put out so far is UNKNOWN, and with it the whole text. */
  unknown = false;

  put(value: unknown, span?: Span): void {
    if (value === UNKNOWN) {
      this.unknown = true;
      return;
    }
    const text = textOf(value, span);
    this.#length += text.length;
    bounded(this.#length, span);
    this.#parts.push(text);
  }

  text(): string {
    return this.#parts.join('');
  }
}

/** Writes to `output`; throws Fault. */
export type Execute = (context: Context, output: Output) => void;

/** Turns text, `{{ }}`, `if`, `for` and `set` into functions, and refuses every other statement. */
export function compileStatement(node: Node, syntax: Syntax): Execute {
  switch (node.type) {
    case 'Comment':
      return () => undefined;
    case 'If':
      return branch(node, syntax);
    case 'For':
      return loop(node, syntax);
    case 'Set':
      return assignment(node, syntax);
    case 'Macro':
    case 'CallStatement':
    case 'FilterStatement':
    case 'Break':
    case 'Continue':
      throw new Fault(
        'template-not-allowed',
        `templates have no such statement (${node.type})`,
        undefined,
        'there are if, for and set',
      );
    default: {
      const expression = compileExpression(node, syntax);
      const span = spanOf(node);
      return (context, output) => output.put(wholly(present(expression(context)), context), span);
    }
  }
}

function compileBody(nodes: readonly Node[], syntax: Syntax): Execute {
  const statements = nodes.map((node) => compileStatement(node, syntax));
  return (context, output) => {
    for (const statement of statements) statement(context, output);
  };
}

/** A value with something UNKNOWN inside is UNKNOWN in text. */
function wholly(value: unknown, context: Context): unknown {
  return holdsUnknown(value, context.budget) ? UNKNOWN : value;
}

function branch(node: Extract<Node, { type: 'If' }>, syntax: Syntax): Execute {
  const test = compileExpression(node.test, syntax);
  const body = compileBody(node.body, syntax);
  const alternate = compileBody(node.alternate, syntax);
  const span = spanOf(node.test);
  return (context, output) => {
    const value = present(test(context));
    if (value === UNKNOWN) output.put(UNKNOWN);
    else if (condition(value, "'if'", span)) body(context, output);
    else alternate(context, output);
  };
}

/** Over a list's elements, or a mapping's pairs. What a round sets is gone after it, as in Jinja. */
function loop(node: Extract<Node, { type: 'For' }>, syntax: Syntax): Execute {
  const targets = (node.loopvar.type === 'TupleLiteral' ? node.loopvar.value : [node.loopvar]).map(nameOf);
  const iterable = compileExpression(node.iterable, syntax);
  const body = compileBody(node.body, syntax);
  const otherwise = compileBody(node.defaultBlock, syntax);
  const span = spanOf(node.iterable);
  return (context, output) => {
    const value = present(iterable(context));
    if (value === UNKNOWN) {
      output.put(UNKNOWN);
      return;
    }
    const items = elements(value, targets.length, span);
    if (items.length === 0) otherwise(context, output);
    items.forEach((item, i) => {
      context.budget.spend(1);
      const locals = new Map<string, unknown>([['loop', position(i, items.length)]]);
      bind(locals, targets, item, span);
      body({ ...context, locals, names: withLocals(locals, context.names) }, output);
    });
  };
}

function elements(value: unknown, targets: number, span: Span | undefined): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isMapping(value) && targets === 2) return Object.entries(value);
  const hint = isMapping(value) ? 'write `for key, value in …`' : undefined;
  throw new Fault('type-mismatch', `'for' goes over a list, not over ${typeName(value)}`, span, hint);
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
    throw new Fault(
      'type-mismatch',
      `'for' has ${targets.length} names for each element, which is ${typeName(item)}`,
      span,
    );
  }
  targets.forEach(({ name }, i) => {
    locals.set(name, values[i]);
  });
}

function assignment(node: Extract<Node, { type: 'Set' }>, syntax: Syntax): Execute {
  const { name } = nameOf(node.assignee);
  if (node.value) {
    const value: Evaluate = compileExpression(node.value, syntax);
    return (context) => {
      context.locals.set(name, present(value(context)));
    };
  }
  const body = compileBody(node.body, syntax);
  return (context) => {
    const output = new Output();
    body(context, output);
    context.locals.set(name, output.unknown ? UNKNOWN : output.text());
  };
}
