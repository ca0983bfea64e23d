import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../model/types.ts';
import { type Names, namesIn } from './context.ts';
import { Poisoned } from './fault.ts';
import { renderDeep, type Scope } from './render.ts';

/**
 * Renders variables that may use each other, in whatever order that needs, and `scope`, which they
 * hide. One that fails is reported once, and those that use it silently fail with it. One that
 * leads back to itself is an error (`variable-cycle`).
 */
export function renderVars(vars: Scope, scope: Scope, locate: Locate): Checked<Record<string, unknown>> {
  const diagnostics: Diagnostic[] = [];
  const done = new Map<string, unknown>();
  const failed = new Set<string>();
  const underWay: string[] = [];
  const outer = namesIn(scope);
  const names: Names = {
    get: (name) => (Object.hasOwn(vars, name) ? rendered(name) : outer.get(name)),
    all: () => [...Object.keys(vars), ...outer.all()],
  };

  function rendered(name: string): unknown {
    if (failed.has(name)) throw new Poisoned();
    if (done.has(name)) return done.get(name);
    if (underWay.includes(name)) {
      const cycle = underWay.slice(underWay.indexOf(name));
      for (const member of cycle) failed.add(member);
      diagnostics.push(cycleProblem(cycle, locate));
      throw new Poisoned();
    }
    underWay.push(name);
    const value = renderDeep(vars[name], names, locate, [name], diagnostics, () => failed.add(name));
    underWay.pop();
    if (failed.has(name)) throw new Poisoned();
    done.set(name, value);
    return value;
  }

  for (const name of Object.keys(vars)) {
    try {
      rendered(name);
    } catch (error) {
      if (!(error instanceof Poisoned)) throw error;
    }
  }
  if (diagnostics.length > 0) return { diagnostics };
  return { value: Object.fromEntries(Object.keys(vars).map((name) => [name, done.get(name)])), diagnostics };
}

function cycleProblem(cycle: readonly string[], locate: Locate): Diagnostic {
  const [first = ''] = cycle;
  const message =
    cycle.length === 1
      ? `variable '${first}' needs itself`
      : `variables need each other: ${[...cycle, first].join(' → ')}`;
  return { severity: 'error', code: 'variable-cycle', message, range: locate([first]) };
}
