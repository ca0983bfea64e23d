import type { FromSchema } from 'json-schema-to-ts';
import type { Change } from '../changes/registry.ts';
import type { SettleAction } from '../changes/settle/action.ts';
import type { Removable } from '../changes/trace.ts';
import type { Code } from '../diagnostics/codes/registry.ts';
import { type FactQuery, type Facts, orUnknown, UnknownFact } from '../facts/fact.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import type { GivenAddress } from '../model/resolved.ts';
import type { Described } from './described.ts';

/** What a kind knows about its host besides facts. */
export interface View {
  /** The host's name in the inventory. */
  readonly host: string;
  readonly overlays: ReadonlyMap<string, HostOverlay>;
  /** The step's name. */
  readonly step: string;
  /** Addresses that runs of this playbook gave to interfaces and no step sets any more. Undefined: none is known. */
  readonly given?: readonly GivenAddress[];
  /** The step's `timeout` in seconds. */
  readonly timeout?: number;
}

/** An error in a step's params that a schema can't express. Becomes a Diagnostic at `path` in the step. */
export interface Problem {
  /** Kebab-case and stable, like every diagnostic's code. */
  readonly code: Code;
  readonly message: string;
  /** Within the step's params; default: the params as a whole. */
  readonly path?: readonly (string | number)[];
  readonly hint?: string;
}

export interface KindPlan {
  /** In the order in which they are applied. Empty: nothing to do. */
  readonly changes: readonly Change[];
  /**
   * Settle actions of the step's own, which run once after its changes even if there are none; each is shown, undone
   * and rechecked like a change. An action that only follows from a change is in that change's own `settle`.
   * Undefined: none.
   */
  readonly settle?: readonly SettleAction[];
  /** What can't be known before the run, each with its reason. */
  readonly unknowns?: readonly string[];
  /** Why the step is impossible on this host in its present state. */
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

/** A step kind: one file that says what it means, which facts it needs, and what it would change. */
export interface Kind<P = Readonly<Record<string, unknown>>> {
  /** The key in a step: snake_case. */
  readonly name: string;
  /** One sentence: the state that holds after it. */
  readonly summary: string;
  /** Markdown for the reference: behaviour, limits, what undo does. */
  readonly description: string;
  /** With a description of every param. */
  readonly params: ParamsSchema;
  readonly examples: readonly Example<P>[];
  /** Errors in params that show without a host. */
  check?(params: P, view: View): readonly Problem[];
  /** Names of the secret params: no file and no report may contain their values. Default: none. */
  secrets?(params: P): readonly string[];
  /**
   * Params of a step that removes such a thing and describes the removal, if the kind can: for what runs made and no
   * step names any more. Undefined: it can't.
   */
  takesAway?(thing: Removable): Readonly<Record<string, unknown>> | undefined;
  /** Whether steps describe tunnels; known even if a step's params aren't. */
  readonly wires?: true;
  /**
   * The things that the step makes, relies on or removes, for code that looks at all steps of a play. Pure; with
   * `state: absent`, nothing that it only relies on.
   */
  describes(params: P): readonly Described[];
  /** The facts that planning needs. Pure. */
  facts(params: P, view: View): readonly FactQuery<unknown>[];
  /** Pure; `facts.get` of an unknown fact makes the step's answer unknown. */
  plan(params: P, facts: Facts, view: View): KindPlan;
}

/** What a step of the kind would do. An unknown fact makes the answer unknown. Pure. */
export function planStep<P>(kind: Pick<Kind<P>, 'plan'>, params: P, facts: Facts, view: View): KindPlan {
  const plan = orUnknown(() => kind.plan(params, facts, view));
  return plan instanceof UnknownFact ? { changes: [], unknowns: [plan.reason] } : plan;
}

/** Defines a kind; the type of its params is derived from its schema. */
export function defineKind<const S extends ParamsSchema, P = FromSchema<S>>(
  kind: { readonly params: S } & Omit<Kind<NoInfer<P>>, 'params'>,
): Kind {
  return kind as unknown as Kind;
}
