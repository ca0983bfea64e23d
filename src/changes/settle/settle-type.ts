import type { Sh } from '../../sh/sh.ts';
import type { ChangeBase, Primitive, Risk } from '../change.ts';
import type { Scope } from '../scope.ts';
import type { Thing } from '../thing.ts';
import type { SettleAction } from './action.ts';

/** What is known alike of a type of changes and of a type of settle actions. */
export type EffectType<E extends ChangeBase> = Pick<
  Primitive<E>,
  'type' | 'schema' | 'touches' | 'title' | 'fields' | 'predict' | 'paths' | 'recheck'
>;

/**
 * One type of settle action, and everything that meshbook can do with it. What it has in common with a primitive means
 * the same: how an action is shown, predicted and rechecked that a step asks for by itself.
 */
export interface SettleType<A extends SettleAction> extends EffectType<A> {
  /**
   * Actions with one key run together, once. Events and records name an action by it, and so does the JSON of a plan:
   * keys that exist keep their meaning.
   */
  key(action: A): string;
  /** The action with this key, without what it brings about; undefined: the key is another type's. */
  fromKey(key: string): A | undefined;
  /** What runs, for people: `restart Docker`. Not escaped. */
  words(action: A): string;
  /** Two actions with one key, in the order in which they were asked for, as one. */
  merge(first: A, second: A): A;
  /** Of actions that run one after the other, those with the lowest come first. */
  readonly rank: number;
  /** `disk` if an undo at boot needs it; what a boot starts anyway is `live`. */
  readonly scope: Scope;
  /** Seconds that it may take at most. */
  readonly limit: number;
  risks(action: A): readonly Risk[];
  /** What is gone afterwards, with all that changes have made in it. Whatever counts on it is done after the action. */
  destroys(action: A): readonly Thing[];
  /** Before anything is changed; keeps what it needs in `$before`. */
  save?(action: A): Sh;
  apply(action: A): Sh;
  /** After an undo has restored what the action reads. */
  undo(action: A): Sh;
}
