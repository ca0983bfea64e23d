import { InternalError } from '../../diagnostics/errors.ts';
import { isSameThing, type Thing } from '../thing.ts';
import type { SettleAction } from './action.ts';
import { daemonReload } from './daemon-reload.ts';
import { dockerRestart } from './docker-restart.ts';
import type { SettleType } from './settle-type.ts';
import { unitRestart } from './unit-restart.ts';

/** Has exactly the types of `SettleAction`: a difference doesn't compile. */
const byType: Readonly<Record<SettleAction['type'], unknown>> = {
  'daemon-reload': daemonReload,
  'unit-restart': unitRestart,
  'docker-restart': dockerRestart,
};

/** Every type of settle action, by its name. */
export const settleTypes: ReadonlyMap<string, SettleType<SettleAction>> = new Map(
  Object.entries(byType as Record<string, SettleType<SettleAction>>),
);

/** The type of a settle action. */
export function settleTypeOf({ type }: SettleAction): SettleType<SettleAction> {
  const found = settleTypes.get(type);
  if (found === undefined) throw new InternalError(`there are no settle actions of type ${type}`);
  return found;
}

/** The action with this key in events, records and the JSON of a plan, without its effects. */
export function settleOfKey(key: string): SettleAction | undefined {
  for (const type of settleTypes.values()) {
    const action = type.fromKey(key);
    if (action !== undefined) return action;
  }
  return undefined;
}

/** Identifies actions that run together, and names them in events and records. */
export function settleKey(action: SettleAction): string {
  return settleTypeOf(action).key(action);
}

/** Actions in the order in which they must run. No two of them have the same key. */
export function settleOrder<T extends { readonly action: SettleAction }>(all: Iterable<T>): T[] {
  const rank = ({ action }: T) => settleTypeOf(action).rank;
  const key = ({ action }: T) => settleKey(action);
  return [...all].sort((a, b) => rank(a) - rank(b) || (key(a) < key(b) ? -1 : 1));
}

/** Things that exist only because of a settle action. */
export function settleMakes(action: SettleAction): readonly Thing[] {
  const { recheck } = settleTypeOf(action);
  return recheck === 'nothing tells' ? [] : (recheck.makes?.(action) ?? []);
}

/** Whether an action destroys one of these things, which are asked for only if it destroys any. */
export function destroysAny(action: SettleAction, things: () => readonly Thing[]): boolean {
  const ended = settleTypeOf(action).destroys(action);
  if (ended.length === 0) return false;
  const all = things();
  return ended.some((one) => all.some((other) => isSameThing(one, other)));
}
