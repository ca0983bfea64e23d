import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A JSON Schema (2020-12) of values from a host's output or from a file. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
/** Text that can be a program's argument, so without a NUL byte. */
export const argument: Schema = { type: 'string', pattern: '^[^\\u0000]*$' };
export const flag: Schema = { type: 'boolean' };
/** Not negative, and exact: excludes JSON's `1e400`. */
export const integer: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
export const seconds: Schema = { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
export const nothing: Schema = { type: 'null' };

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** Any names, with values of one type. */
export function mapping(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

/** Names with one value each; those in `optional` may be missing. Other names are accepted. */
export function record(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

type OptionalKey<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];

/** A schema for each required name of a type; then for each optional one, if there are any. */
export type SchemasOf<T> = [
  required: Readonly<Record<Exclude<keyof T, OptionalKey<T>>, Schema>>,
  ...optional: [OptionalKey<T>] extends [never] ? [] : [Readonly<Record<OptionalKey<T>, Schema>>],
];

/** The record of a type; every name must be listed. */
export function recordOf<T>(...[required, optional]: SchemasOf<T>): Schema {
  return record(required, optional);
}

/** The same record without other names. */
export function closed(schema: Schema): Schema {
  return { ...schema, additionalProperties: false };
}

export function oneOf(...words: readonly string[]): Schema {
  return { enum: words };
}

/** One of the words of a type; every word must be listed. */
export function oneOfAll<Word extends string>(words: Readonly<Record<Word, true>>): Schema {
  return oneOf(...Object.keys(words));
}

export function either(...schemas: readonly Schema[]): Schema {
  return { anyOf: schemas };
}

export function both(...schemas: readonly Schema[]): Schema {
  return { allOf: schemas };
}

/** JSON of any form, but of limited depth, so that code that walks it always ends. */
export const anything: Schema = nested(4);

function nested(depth: number): Schema {
  const scalar = { type: ['null', 'boolean', 'number', 'string'] };
  return depth === 0 ? scalar : either(scalar, list(nested(depth - 1)), mapping(nested(depth - 1)));
}

const validators = new WeakMap<Schema, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/**
 * Why a value violates its schema: where, and what is expected there; undefined if it is valid. Schemas are objects
 * that live as long as the program: each is compiled once.
 */
export function unlike(schema: Schema, value: unknown): string | undefined {
  let validate = validators.get(schema);
  if (validate === undefined) {
    // Tests check our own schemas against values of real hosts.
    ajv ??= new Ajv2020({
      strict: true,
      allowUnionTypes: true,
      validateSchema: false,
      code: { optimize: false },
    });
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  if (validate(value)) return undefined;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`;
}
