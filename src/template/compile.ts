import { tracked, trackedWhole } from '../secrets/secret-value.ts';
import type { Expression } from './ast.ts';
import { Budget } from './budget.ts';
import { type Context, type Names, withLocals } from './context.ts';
import { compileExpression, type Evaluate } from './expressions.ts';
import { Output } from './output.ts';
import { parseLone, parseTemplate } from './parse.ts';
import { compileBody, type Execute, stopped } from './statements.ts';
import { syntaxFault } from './syntax-fault.ts';
import { TemplateError } from './template-error.ts';
import { holdsUnknown, kept, UNKNOWN } from './values.ts';

/** The result of a template: a value, or UNKNOWN and all its faults. */
export interface Outcome {
  readonly value: unknown;
  readonly faults: readonly TemplateError[];
}

type Compiled = (names: Names) => Outcome;

/** Whether the text has to be rendered. `{#` alone doesn't count: shells write `${#name}`. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Renders a text; a lone `{{ x }}` keeps the type of `x`. */
export function render(text: string, names: Names): Outcome {
  return compiled(texts, text, compileText)(names);
}

/** Evaluates an expression without braces; spans are offsets in it. */
export function evaluateExpression(expression: string, names: Names): Outcome {
  return compiled(expressions, expression, compileCondition)(names);
}

const texts = new Map<string, Compiled>();
const expressions = new Map<string, Compiled>();

/** Enough for every playbook, and a limit for inventories with a different text on each host. */
const cacheSize = 5000;

/** Failures are cached as well: 10,000 hosts share one message. */
function compiled(cache: Map<string, Compiled>, text: string, compile: (text: string) => Compiled): Compiled {
  const known = cache.get(text);
  if (known) return known;
  let result: Compiled;
  try {
    result = compile(text);
  } catch (error) {
    result = always({ value: UNKNOWN, faults: [faultOf(error)] });
  }
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, result);
  return result;
}

function compileText(text: string): Compiled {
  const faults: TemplateError[] = [];
  const body = parseTemplate(text, faults);
  const [only] = body;
  if (body.length === 1 && only?.type === 'output' && only.expression)
    return compileLone(only.expression, faults);
  const execute = compileBody(body, faults);
  return (names) => executed(execute, names, faults);
}

/** A lone expression keeps the type of its value. */
function compileLone(expression: Expression, faults: TemplateError[]): Compiled {
  const evaluate = compileExpression(expression, faults);
  if (faults.length > 0) return always({ value: UNKNOWN, faults });
  return (names) => evaluated(evaluate, names);
}

/** An expression without braces. */
function compileCondition(text: string): Compiled {
  const faults: TemplateError[] = [];
  const expression = parseLone(text, faults);
  if (expression) return compileLone(expression, faults);
  const hasBraces = isTemplate(text) || text.includes('}}') || text.includes('%}');
  return always({ value: UNKNOWN, faults: hasBraces ? [standsAlone] : faults });
}

const standsAlone = syntaxFault('an expression stands alone here, without braces', undefined);

function always(outcome: Outcome): Compiled {
  return () => outcome;
}

function evaluated(evaluate: Evaluate, names: Names): Outcome {
  const context = newContext(names);
  try {
    const value = tracked(() => {
      const made = kept(evaluate(context));
      // Counts the value's size: walking it later could take for ever.
      holdsUnknown(made, context.budget);
      return made;
    });
    return { value, faults: [] };
  } catch (error) {
    return { value: UNKNOWN, faults: [faultOf(error)] };
  }
}

/** All faults of a text: those that show without its variables, and those that show with them. */
function executed(execute: Execute, names: Names, known: readonly TemplateError[]): Outcome {
  const context = newContext(names);
  const output = new Output();
  const last: TemplateError[] = [];
  const value = trackedWhole(() => {
    try {
      execute(context, output);
    } catch (error) {
      if (error !== stopped) last.push(faultOf(error));
    }
    return output.unknown ? UNKNOWN : output.text();
  });
  const faults = [...known, ...context.wrong.values(), ...last];
  return { value: faults.length > 0 ? UNKNOWN : value, faults };
}

function newContext(outer: Names): Context {
  const locals = new Map<string, unknown>();
  return { names: withLocals(locals, outer), locals, budget: new Budget(), wrong: new Map() };
}

function faultOf(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  if (!(error instanceof RangeError)) throw error;
  return new TemplateError('template-too-large', 'the template makes values that are nested too deeply');
}
