import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { asSecret } from '../secrets/secret-value.ts';
import { spendWork } from '../source/allowance.ts';
import type { Locate } from '../source/locate.ts';
import type { Names } from './context.ts';
import { renderValue, type Scope } from './render.ts';
import { UNKNOWN } from './values.ts';

export interface RenderedVars {
  /** The rendered variables and those that they hide; a wrong one is UNKNOWN, wholly or in part. */
  readonly names: Names;
  readonly diagnostics: readonly Diagnostic[];
}

/** The least that a variable costs, in units of the play's allowance. */
const perVariable = 5;

/**
 * Renders variables that may use each other and `outer`, in the order that they need; they hide `outer`. A wrong
 * variable is reported once, however many use it. A cycle is an error (`variable-cycle`). Those named in `secret` are
 * SecretValues as a whole.
 */
export function renderVars(
  vars: Scope,
  outer: Names,
  locate: Locate,
  secret: ReadonlySet<string> = new Set(),
): RenderedVars {
  spendWork(perVariable * Object.keys(vars).length);
  const diagnostics: Diagnostic[] = [];
  const done = new Map<string, unknown>();
  const underWay: string[] = [];
  const names: Names = {
    get: (name) => (Object.hasOwn(vars, name) ? rendered(name) : outer.get(name)),
    all: () => [...Object.keys(vars), ...outer.all()],
  };

  function rendered(name: string): unknown {
    if (done.has(name)) return done.get(name);
    if (underWay.includes(name)) {
      const cycle = underWay.slice(underWay.indexOf(name));
      for (const member of cycle) done.set(member, UNKNOWN);
      diagnostics.push(cycleProblem(cycle, locate));
      return UNKNOWN;
    }
    underWay.push(name);
    const { value, diagnostics: wrong } = renderValue(vars[name], names, locate, [name]);
    underWay.pop();
    diagnostics.push(...wrong);
    if (!done.has(name)) done.set(name, secret.has(name) ? asSecret(value, locate([name])) : value);
    return done.get(name);
  }

  for (const name of Object.keys(vars)) rendered(name);
  return { names, diagnostics };
}

function cycleProblem(cycle: readonly string[], locate: Locate): Diagnostic {
  const [first = ''] = cycle;
  const message =
    cycle.length === 1
      ? `variable '${first}' needs itself`
      : `variables need each other: ${[...cycle, first].join(' → ')}`;
  return { severity: 'error', code: 'variable-cycle', message, range: locate([first]) };
}
