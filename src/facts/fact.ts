import type { Json } from '../json/json.ts';
import type { Sh } from '../sh/sh.ts';
import type { Schema } from './schema.ts';

/**
 * One type of fact: the query (a read-only shell fragment) and a pure parser. One query reads all keys that the steps
 * need, so ten files cost one pass.
 */
export interface FactFamily<T> {
  readonly name: string;
  /** The command that the query runs, for a user who investigates an unreadable answer: `ip -j route show`. */
  readonly command: string;
  /**
   * Must write nothing and start nothing on the host (law 4). An exit status other than 0 makes every key unknown.
   */
  query(keys: readonly string[]): Sh;
  /** The schema of every value. A value that violates it is unknown, since no proper host reports it. */
  readonly schema: Schema;
  /**
   * Pure. A key that it leaves out is unknown. @throws Unreadable if the query can't have printed that, or any error
   * that the parser makes.
   */
  parse(output: string, keys: readonly string[]): ReadonlyMap<string, T>;
  /** The value without what changes by itself (counters, ids): it must be equal again after an undo. */
  canonical(value: T): Json;
  /** What may be saved of a value: the value without its secrets, or why none of it. Default: all of it. */
  withoutSecrets?(value: T): { readonly value: T } | { readonly unknown: string };
}

/** One fact to read: `{ family: files, key: '/etc/fstab' }`. Families with a single fact use the key ''. */
export interface FactQuery<T> {
  readonly family: FactFamily<T>;
  readonly key: string;
}

export type FactState =
  | { readonly value: unknown }
  /** `unreadable`: the host's answer is not what the query prints. */
  | { readonly unknown: string; readonly unreadable?: true };

/** Thrown by `Facts.get` if the fact is unknown; the planner turns it into the third answer. */
export class UnknownFact extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = 'UnknownFact';
    this.reason = reason;
  }
}

/** The result of `ask`, or the error if it needs an unknown fact. */
export function orUnknown<T>(ask: () => T): T | UnknownFact {
  try {
    return ask();
  } catch (error) {
    if (error instanceof UnknownFact) return error;
    throw error;
  }
}

/** The facts of one host. Immutable: predictions make new ones. */
export class Facts {
  readonly #states: ReadonlyMap<string, FactState>;
  readonly #missing: (id: string) => string;
  /** Predicted values, the last one first: only a few, so a prediction costs little. */
  readonly #predicted: Prediction | undefined;

  /** `missing` says why a fact that isn't among the states is unknown. */
  constructor(
    states: ReadonlyMap<string, FactState> = new Map(),
    missing: (id: string) => string = (id) => `${id} was not read`,
    predicted?: Prediction,
  ) {
    this.#states = states;
    this.#missing = missing;
    this.#predicted = predicted;
  }

  /** @throws UnknownFact if it was not asked for or could not be read. */
  get<T>(query: FactQuery<T>): T {
    const state = this.state(query);
    if (state === undefined) throw new UnknownFact(this.#missing(factId(query)));
    if ('unknown' in state) throw new UnknownFact(state.unknown);
    return state.value as T;
  }

  /** Whether `get` returns a value. */
  knows(query: FactQuery<unknown>): boolean {
    const state = this.state(query);
    return state !== undefined && 'value' in state;
  }

  /** The same; undefined if `get` would throw. */
  find<T>(query: FactQuery<T>): T | undefined {
    const state = this.state(query);
    return state !== undefined && 'value' in state ? (state.value as T) : undefined;
  }

  state(query: FactQuery<unknown>): FactState | undefined {
    const id = factId(query);
    for (let last = this.#predicted; last !== undefined; last = last.before)
      if (last.id === id) return last.state;
    return this.#states.get(id);
  }

  /** The facts with `value` for `query`. */
  with<T>(query: FactQuery<T>, value: T): Facts {
    return this.#predicting(query, { value });
  }

  /** The facts with a changed value for `query`; an unknown one stays unknown. */
  update<T>(query: FactQuery<T>, change: (value: T) => T): Facts {
    const state = this.state(query);
    return state !== undefined && 'value' in state ? this.with(query, change(state.value as T)) : this;
  }

  /** The facts with `query` unknown. */
  without(query: FactQuery<unknown>, reason: string): Facts {
    return this.#predicting(query, { unknown: reason });
  }

  #predicting(query: FactQuery<unknown>, state: FactState): Facts {
    return new Facts(this.#states, this.#missing, { id: factId(query), state, before: this.#predicted });
  }

  /** For reports and files: every state by id. */
  states(): ReadonlyMap<string, FactState> {
    const all = new Map(this.#states);
    for (const { id, state } of this.#predictions()) all.set(id, state);
    return all;
  }

  /** The facts of a family with keys, by key. */
  ofFamily({ name }: FactFamily<unknown>): Map<string, FactState> {
    const found = new Map<string, FactState>();
    const add = (id: string, state: FactState) => {
      if (id.startsWith(`${name}:`)) found.set(id.slice(name.length + 1), state);
    };
    for (const [id, state] of this.#states) add(id, state);
    for (const { id, state } of this.#predictions()) add(id, state);
    return found;
  }

  /** In the order in which they were made. */
  #predictions(): Prediction[] {
    const all: Prediction[] = [];
    for (let last = this.#predicted; last !== undefined; last = last.before) all.push(last);
    return all.reverse();
  }
}

/** A fact's future state, and earlier predictions. */
interface Prediction {
  readonly id: string;
  readonly state: FactState;
  readonly before: Prediction | undefined;
}

export function factId(query: FactQuery<unknown>): string {
  return query.key === '' ? query.family.name : `${query.family.name}:${query.key}`;
}
