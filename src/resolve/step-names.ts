import type { Host, Playbook, Step } from '../model/types.ts';
import { secretly } from '../secrets/secret-value.ts';
import type { Locate } from '../source/locate.ts';
import { type Names, notFound } from '../template/context.ts';
import type { Scope } from '../template/render.ts';
import { type RenderedVars, renderVars } from '../template/render-vars.ts';
import { UNKNOWN } from '../template/values.ts';

/** What decides a step besides the step itself. */
export interface StepContext {
  readonly host: Pick<Host, 'vars' | 'varsAt'>;
  readonly playbook: Pick<Playbook, 'path' | 'vars' | 'varsAt'>;
  /** From the command line; they win over all others. */
  readonly extraVars: Scope;
  /** `host`, `overlay` and `facts`. */
  readonly builtins: Scope;
  /** Names of variables that nobody may be shown. */
  readonly secret: ReadonlySet<string>;
  /** Names that have no value because of a mistake elsewhere, and are UNKNOWN. */
  readonly isLost?: (name: string) => boolean;
}

/** Names of which nothing is known: with them only what is wrong in any case is wrong. */
export const anyNames: Names = { get: () => UNKNOWN, all: () => [] };

/** Variables in rising precedence: inventory (groups, then host), playbook, step, command line. */
export function namesFor(step: Pick<Step, 'vars' | 'locate'>, context: StepContext): RenderedVars {
  if (Object.keys(step.vars).length > 0) return namesWith(step, context);
  const known = withoutVars.get(context) ?? namesWith(step, context);
  withoutVars.set(context, known);
  return known;
}

/** Steps without variables of their own have one set of names. */
const withoutVars = new WeakMap<StepContext, RenderedVars>();

function namesWith(step: Pick<Step, 'vars' | 'locate'>, context: StepContext): RenderedVars {
  const { host, playbook, builtins, secret, isLost } = context;
  const extraVars = marked(context.extraVars, secret);
  const locate: Locate = (path, part) => {
    const name = String(path[0]);
    if (Object.hasOwn(step.vars, name)) return step.locate(['vars', ...path], part);
    if (Object.hasOwn(playbook.vars, name)) return playbook.varsAt(path, part);
    return host.varsAt(path, part);
  };
  const written = { ...host.vars, ...playbook.vars, ...step.vars };
  for (const name of Object.keys(extraVars)) delete written[name];
  const given = { ...extraVars, ...builtins };
  const outer: Names = {
    get: (name) => (Object.hasOwn(given, name) ? given[name] : isLost?.(name) ? UNKNOWN : notFound),
    all: () => Object.keys(given),
  };
  return renderVars(written, outer, locate, secret);
}

/** Variables with those that are secret made so. */
function marked(vars: Scope, secret: ReadonlySet<string>): Scope {
  if (secret.size === 0) return vars;
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, secret.has(name) ? secretly(value) : value]),
  );
}
