import type { Sh } from '../../sh/sh.ts';
import type { ChangeBase, Primitive, Risk } from '../change.ts';
import type { Scope } from '../scope.ts';
import type { Thing } from '../thing.ts';
import type { SettleAction } from './action.ts';

/** Common to types of changes and types of settle actions. */
export type EffectType<E extends ChangeBase> = Pick<
  Primitive<E>,
  'type' | 'schema' | 'touches' | 'title' | 'fields' | 'predict' | 'paths' | 'recheck'
>;

/**
 * One type of settle action, and everything that meshbook can do with it. Members shared with a primitive mean the
 * same: how an action of a step's own is shown, predicted and rechecked.
 */
export interface SettleType<A extends SettleAction> extends EffectType<A> {
  /**
   * Actions with one key run together, once. Events and records name an action by it, and so does the JSON of a plan:
   * existing keys keep their meaning.
   */
  key(action: A): string;
  /** The action with this key, without its effects; undefined: another type's key. */
  fromKey(key: string): A | undefined;
  /** What runs, for people: `restart Docker`. Not escaped. */
  words(action: A): string;
  /** Merges two actions with one key, in their order. */
  merge(first: A, second: A): A;
  /** Among actions that run one after the other, the lowest come first. */
  readonly rank: number;
  /** `disk` if an undo at boot needs it; what a boot starts anyway is `live`. */
  readonly scope: Scope;
  /** The time limit in seconds. */
  readonly limit: number;
  risks(action: A): readonly Risk[];
  /** What is gone afterwards, with all changes made in it. Whatever relies on it is done after the action. */
  destroys(action: A): readonly Thing[];
  /** Runs before anything is changed; saves what it needs in `$before`. */
  save?(action: A): Sh;
  apply(action: A): Sh;
  /** Runs after an undo has restored what the action reads. */
  undo(action: A): Sh;
}
