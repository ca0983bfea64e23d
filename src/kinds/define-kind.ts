import type { FromSchema } from 'json-schema-to-ts';
import type { Change } from '../changes/registry.ts';
import type { SettleAction } from '../changes/settle/action.ts';
import type { Removable } from '../changes/trace.ts';
import type { Code } from '../diagnostics/codes/registry.ts';
import { type FactQuery, type Facts, orUnknown, UnknownFact } from '../facts/fact.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import type { GivenAddress } from '../model/resolved.ts';
import type { Described } from './described.ts';

/** What a kind may see of the host that it plans for, besides facts. */
export interface View {
  /** The host's name in the inventory. */
  readonly host: string;
  readonly overlays: ReadonlyMap<string, HostOverlay>;
  /** The step's name. */
  readonly step: string;
  /** Addresses that runs of this playbook gave to interfaces, and that no step says any more. Left out: none is known. */
  readonly given?: readonly GivenAddress[];
  /** The step's `timeout`, seconds. */
  readonly timeout?: number;
}

/** Something wrong with a step's params that a schema can't say. Becomes a Diagnostic at `path` in the step. */
export interface Problem {
  /** Kebab-case and stable, like every diagnostic's code. */
  readonly code: Code;
  readonly message: string;
  /** Into the step's params; default: the params as a whole. */
  readonly path?: readonly (string | number)[];
  readonly hint?: string;
}

export interface KindPlan {
  /** In the order in which they are applied. Nothing to do: none. */
  readonly changes: readonly Change[];
  /**
   * What must happen once after them by itself, whatever of them there is to do; it is shown, undone and looked for later
   * like a change. What only follows from a change stands in that change's own `settle`. Left out: nothing.
   */
  readonly settle?: readonly SettleAction[];
  /** What can't be known before the run, each with its reason. */
  readonly unknowns?: readonly string[];
  /** What makes the step impossible on this host as it is. */
  readonly problems?: readonly Problem[];
}

/** A closed JSON Schema (2020-12) of an object. */
export interface ParamsSchema {
  readonly type: 'object';
  readonly properties: {
    readonly [param: string]: { readonly description: string; readonly [keyword: string]: unknown };
  };
  readonly required?: readonly string[];
  readonly additionalProperties: false;
  readonly [keyword: string]: unknown;
}

export interface Example<P> {
  readonly title: string;
  readonly params: P;
}

/** A step kind: one file that says what it means, what it must know, and what it would change. */
export interface Kind<P = Readonly<Record<string, unknown>>> {
  /** The key in a step: snake_case. */
  readonly name: string;
  /** One sentence: the state that holds after it. */
  readonly summary: string;
  /** Markdown for the reference: behaviour, limits, what undo does. */
  readonly description: string;
  /** Every param described. */
  readonly params: ParamsSchema;
  readonly examples: readonly Example<P>[];
  /** What can be said of params without any host. */
  check?(params: P, view: View): readonly Problem[];
  /** Names of the params that are secret: no file and no report may hold their values. Default: none. */
  secrets?(params: P): readonly string[];
  /**
   * Params of a step that takes such a thing away and describes that it does, where a step of the kind can: for what
   * runs made and no step names any more. Left out: none.
   */
  takesAway?(thing: Removable): Readonly<Record<string, unknown>> | undefined;
  /** Whether steps describe tunnels: to be known also of a step whose params aren't known yet. */
  readonly wires?: true;
  /**
   * The things that the step makes, counts on or takes away, for whoever looks at all steps of a play. Pure; with
   * `state: absent` nothing that it only counts on.
   */
  describes(params: P): readonly Described[];
  /** What must be known before planning. Pure. */
  facts(params: P, view: View): readonly FactQuery<unknown>[];
  /** Pure; `facts.get` of something unknown makes the step's answer "unknown" by itself. */
  plan(params: P, facts: Facts, view: View): KindPlan;
}

/** What a step of the kind would do. A fact that isn't known makes the answer unknown. Pure. */
export function planStep<P>(kind: Pick<Kind<P>, 'plan'>, params: P, facts: Facts, view: View): KindPlan {
  const plan = orUnknown(() => kind.plan(params, facts, view));
  return plan instanceof UnknownFact ? { changes: [], unknowns: [plan.reason] } : plan;
}

/** Declares a kind; the type of its params is derived from its schema. */
export function defineKind<const S extends ParamsSchema, P = FromSchema<S>>(
  kind: { readonly params: S } & Omit<Kind<NoInfer<P>>, 'params'>,
): Kind {
  return kind as unknown as Kind;
}
