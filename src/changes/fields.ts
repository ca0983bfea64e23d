import type { ChangeTitle, FieldDiff } from './change.ts';

type Value = NonNullable<FieldDiff['before']>;

/** The line of a field if it differs; undefined: no value. */
export function diffField(field: string, before: Value | undefined, after: Value | undefined): FieldDiff[] {
  if (before === after) return [];
  return [{ field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** The lines of all fields that differ, those of `before` first. */
export function diffFields(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  prefix = '',
): FieldDiff[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    diffField(`${prefix}${name}`, before.get(name), after.get(name)),
  );
}

/** The action from the state before to the state after; null: the object doesn't exist. */
export function actionBetween(before: unknown, after: unknown): ChangeTitle['action'] {
  return before === null ? 'create' : after === null ? 'delete' : 'update';
}
