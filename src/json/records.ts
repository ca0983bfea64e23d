import type { Json } from './json.ts';

/** The same value with every object's keys sorted, so that equal values have equal texts. */
export function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, sortedKeys(record[key] as Json)]),
  );
}

/** The entry with that name; undefined for names of built-in properties, such as `constructor`. */
export function entry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

type Tidy<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the keys whose value is undefined, which JSON doesn't have: they become optional. */
export function tidy<const T extends object>(value: T): Tidy<T> {
  const kept: { [K in keyof T]?: T[K] } = {};
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] !== undefined) kept[key] = value[key];
  return kept as unknown as Tidy<T>;
}

/** Sorts a canonical form's elements if their order means nothing. */
export function byText(a: Json, b: Json): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
