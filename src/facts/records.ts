import type { Json } from './fact.ts';

/** A record's entries in the order of their names, for canonical forms. */
export function sortedByName<T>(record: Readonly<Record<string, T>>, form: (value: T) => Json): Json {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((name) => [name, form(record[name] as T)]),
  );
}

/** The entry of that name; undefined also for names that every object has, such as `constructor`. */
export function entry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

type Tidy<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the keys whose value is undefined: facts and changes are JSON, which has no undefined. */
export function tidy<T extends object>(value: T): Tidy<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Tidy<T>;
}
