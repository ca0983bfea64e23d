import type { Json } from '../json/json.ts';
import type { Sh } from '../sh/sh.ts';
import type { Schema } from './schema.ts';

/**
 * One sort of thing that can be read from a host: the query (a read-only shell fragment) and a pure parser.
 * All keys that the steps ask for are read by one query, so that ten files cost one pass.
 */
export interface FactFamily<T> {
  readonly name: string;
  /** What the query asks, for whoever looks after an answer that can't be read: `ip -j route show`. */
  readonly command: string;
  /** Must write nothing and start nothing on the host (law 4). Its exit status other than 0 makes every key unknown. */
  query(keys: readonly string[]): Sh;
  /** What every value is like. One that isn't, since its host says what no host says, is unknown. */
  readonly schema: Schema;
  /** Pure. A key it leaves out is unknown. @throws Unreadable when the output isn't what the query prints, or whatever else the parser fails with on it. */
  parse(output: string, keys: readonly string[]): ReadonlyMap<string, T>;
  /** The value without what changes by itself (counters, ids): what must be equal again after an undo. */
  canonical(value: T): Json;
  /** What of a value may be stored in a file: the value without its secrets, or why none of it. Default: all of it. */
  withoutSecrets?(value: T): { readonly value: T } | { readonly unknown: string };
}

/** One thing to read: `{ family: files, key: '/etc/fstab' }`. Families with a single fact use the key ''. */
export interface FactQuery<T> {
  readonly family: FactFamily<T>;
  readonly key: string;
}

export type FactState =
  | { readonly value: unknown }
  /** `unreadable`: the host has answered what its query never prints. */
  | { readonly unknown: string; readonly unreadable?: true };

/** Thrown by `Facts.get` where the fact isn't known; the planner turns it into the third answer. */
export class UnknownFact extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = 'UnknownFact';
    this.reason = reason;
  }
}

/** What `ask` answers, or why it can't, where a fact that it needs isn't known. */
export function orUnknown<T>(ask: () => T): T | UnknownFact {
  try {
    return ask();
  } catch (error) {
    if (error instanceof UnknownFact) return error;
    throw error;
  }
}

/** What is known of one host. Immutable: predictions make new ones. */
export class Facts {
  readonly #states: ReadonlyMap<string, FactState>;
  readonly #missing: (id: string) => string;
  /** What predictions say otherwise, the last one first: a few of them, so that a prediction costs little. */
  readonly #predicted: Prediction | undefined;

  /** `missing` says why a fact isn't known that isn't among the states. */
  constructor(
    states: ReadonlyMap<string, FactState> = new Map(),
    missing: (id: string) => string = (id) => `${id} was not read`,
    predicted?: Prediction,
  ) {
    this.#states = states;
    this.#missing = missing;
    this.#predicted = predicted;
  }

  /** @throws UnknownFact when it was not asked for or could not be read. */
  get<T>(query: FactQuery<T>): T {
    const state = this.state(query);
    if (state === undefined) throw new UnknownFact(this.#missing(factId(query)));
    if ('unknown' in state) throw new UnknownFact(state.unknown);
    return state.value as T;
  }

  /** Whether `get` would answer. */
  knows(query: FactQuery<unknown>): boolean {
    const state = this.state(query);
    return state !== undefined && 'value' in state;
  }

  /** The same; undefined where `get` would throw. */
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

  /** The facts as they are once `query` answers `value`. */
  with<T>(query: FactQuery<T>, value: T): Facts {
    return this.#predicting(query, { value });
  }

  /** The facts as they are once `change` has changed what `query` answers; what isn't known stays so. */
  update<T>(query: FactQuery<T>, change: (value: T) => T): Facts {
    const state = this.state(query);
    return state !== undefined && 'value' in state ? this.with(query, change(state.value as T)) : this;
  }

  /** The facts as they are once nobody can tell what `query` answers. */
  without(query: FactQuery<unknown>, reason: string): Facts {
    return this.#predicting(query, { unknown: reason });
  }

  #predicting(query: FactQuery<unknown>, state: FactState): Facts {
    return new Facts(this.#states, this.#missing, { id: factId(query), state, before: this.#predicted });
  }

  /** For reports and files: every state by its id. */
  states(): ReadonlyMap<string, FactState> {
    const all = new Map(this.#states);
    for (const { id, state } of this.#predictions()) all.set(id, state);
    return all;
  }

  /** What is known of a family with keys, by key. */
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

/** What a fact will be, and what was predicted before. */
interface Prediction {
  readonly id: string;
  readonly state: FactState;
  readonly before: Prediction | undefined;
}

export function factId(query: FactQuery<unknown>): string {
  return query.key === '' ? query.family.name : `${query.family.name}:${query.key}`;
}
