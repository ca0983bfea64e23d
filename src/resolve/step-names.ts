import type { Host, Playbook, Step } from '../model/types.ts';
import { asSecret } from '../secrets/secret-value.ts';
import type { Locate } from '../source/locate.ts';
import { type Names, notFound } from '../template/context.ts';
import type { Scope } from '../template/render.ts';
import { type RenderedVars, renderVars } from '../template/render-vars.ts';
import { UNKNOWN } from '../template/values.ts';

/** What a step depends on besides itself. */
interface Surroundings {
  readonly host: Pick<Host, 'vars' | 'varsAt'>;
  readonly playbook: Pick<Playbook, 'path' | 'vars' | 'varsAt'>;
  /** From the command line; they win over all others. */
  readonly extraVars: Scope;
  /** `host`, `overlay` and `facts`. */
  readonly builtins: Scope;
  /** Names of secret variables. */
  readonly secret: ReadonlySet<string>;
  /** Names that an error elsewhere leaves without a value; they are UNKNOWN. */
  readonly isLost?: (name: string) => boolean;
}

/** Names without any knowledge: with them, only errors that don't depend on values are found. */
export const anyNames: Names = { get: () => UNKNOWN, all: () => [] };

/** The names that steps see on one host, or on any. */
export class StepContext {
  readonly around: Surroundings;
  /** Steps without variables of their own share one set of names. */
  #names: RenderedVars | undefined;

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** For one element of a step's `for_each`. */
  withItem(item: unknown): StepContext {
    const { around } = this;
    return new StepContext({ ...around, builtins: { ...around.builtins, item } });
  }

  /** Variables in rising precedence: inventory (groups, then host), playbook, step, command line. */
  namesFor(step: Pick<Step, 'vars' | 'locate'>): RenderedVars {
    if (Object.keys(step.vars).length > 0) return namesWith(step, this.around);
    this.#names ??= namesWith(step, this.around);
    return this.#names;
  }
}

function namesWith(step: Pick<Step, 'vars' | 'locate'>, around: Surroundings): RenderedVars {
  const { host, playbook, builtins, secret, isLost } = around;
  const extraVars = marked(around.extraVars, secret);
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

/** Variables, with the secret ones made secret. */
function marked(vars: Scope, secret: ReadonlySet<string>): Scope {
  if (secret.size === 0) return vars;
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, secret.has(name) ? asSecret(value) : value]),
  );
}
