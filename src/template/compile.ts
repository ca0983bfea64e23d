import { Budget } from './budget.ts';
import { type Context, type Names, withLocals } from './context.ts';
import { compileExpression, type Evaluate } from './expressions.ts';
import { Fault } from './fault.ts';
import { compileStatement, type Execute, Output } from './statements.ts';
import { parseTemplate, syntaxFault } from './syntax.ts';
import { holdsUnknown, present, UNKNOWN } from './values.ts';

/** What became of a template: a value, or all that is wrong with it and UNKNOWN. */
export interface Outcome {
  readonly value: unknown;
  readonly faults: readonly Fault[];
}

type Compiled = (names: Names) => Outcome;

/** Whether the text has to be rendered at all. `{#` alone doesn't count: shells write `${#name}`. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Renders a text; a lone `{{ x }}` keeps the type of `x`. */
export function render(text: string, names: Names): Outcome {
  return compiled(texts, text, compileText)(names);
}

/** Evaluates an expression without braces; spans are offsets in it. */
export function evaluateExpression(expression: string, names: Names): Outcome {
  return compiled(expressions, expression, compileLone)(names);
}

const texts = new Map<string, Compiled>();
const expressions = new Map<string, Compiled>();

/** Enough for every playbook, and a bound for inventories with a text of its own per host. */
const cacheSize = 5000;

/** What can't be compiled is kept as well: 10,000 hosts share one message. */
function compiled(cache: Map<string, Compiled>, text: string, compile: (text: string) => Compiled): Compiled {
  const known = cache.get(text);
  if (known) return known;
  let result: Compiled;
  try {
    result = compile(text);
  } catch (error) {
    const outcome = failure(error);
    result = () => outcome;
  }
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, result);
  return result;
}

function compileText(text: string): Compiled {
  const syntax = parseTemplate(text);
  const [only] = syntax.body;
  const lone = syntax.body.length === 1 && only && isExpression(only.type);
  if (lone) return evaluating(compileExpression(only, syntax));
  return executing(
    syntax.body.map((node) => ({ execute: compileStatement(node, syntax), output: isExpression(node.type) })),
  );
}

function isExpression(type: string): boolean {
  return ![
    'If',
    'For',
    'Set',
    'Comment',
    'Macro',
    'CallStatement',
    'FilterStatement',
    'Break',
    'Continue',
  ].includes(type);
}

/** Between braces of its own, which it must not close. */
function compileLone(expression: string): Compiled {
  const open = '{{ ';
  try {
    if (isTemplate(expression)) throw standsAlone();
    const syntax = parseTemplate(`${open}${expression} }}`);
    const [only] = syntax.body;
    if (syntax.body.length !== 1 || !only || !isExpression(only.type)) {
      throw standsAlone();
    }
    const evaluate = evaluating(compileExpression(only, syntax));
    return (names) => {
      const outcome = evaluate(names);
      return { ...outcome, faults: outcome.faults.map((fault) => shifted(fault, -open.length)) };
    };
  } catch (error) {
    throw error instanceof Fault ? shifted(error, -open.length) : error;
  }
}

function standsAlone(): Fault {
  return syntaxFault('an expression stands alone, without braces');
}

function shifted({ code, message, span, hint }: Fault, by: number): Fault {
  return new Fault(code, message, span && { start: span.start + by, end: span.end + by }, hint);
}

function newContext(outer: Names): Context {
  const locals = new Map<string, unknown>();
  return { names: withLocals(locals, outer), locals, budget: new Budget() };
}

function evaluating(evaluate: Evaluate): Compiled {
  return (names) => {
    try {
      const context = newContext(names);
      const value = present(evaluate(context));
      // Walked for its size: what isn't walked here may be endless work for whoever reads it.
      holdsUnknown(value, context.budget);
      return { value, faults: [] };
    } catch (error) {
      return failure(error);
    }
  };
}

/**
 * Goes on after a fault in `{{ }}`, so that a text with two wrong names shows both; not after one
 * in a statement, on which the rest may rely.
 */
function executing(steps: readonly { execute: Execute; output: boolean }[]): Compiled {
  return (names) => {
    const context = newContext(names);
    const output = new Output();
    const faults: Fault[] = [];
    for (const step of steps) {
      try {
        step.execute(context, output);
      } catch (error) {
        faults.push(...failure(error).faults);
        if (!step.output) break;
      }
    }
    return { value: faults.length > 0 || output.unknown ? UNKNOWN : output.text(), faults };
  };
}

function failure(error: unknown): Outcome {
  if (error instanceof Fault) return { value: UNKNOWN, faults: [error] };
  if (error instanceof RangeError) {
    const fault = new Fault('template-too-large', 'the template is nested too deeply');
    return { value: UNKNOWN, faults: [fault] };
  }
  throw error;
}
