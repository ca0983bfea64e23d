import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean, nearest } from '../../diagnostics/nearest.ts';
import { tidy } from '../../json/records.ts';
import type { Locate } from '../../source/locate.ts';
import { formats } from './formats.ts';

type Path = readonly (string | number)[];

/** The words for things in messages. */
export interface SchemaWords {
  /** What messages call a key of the outermost mapping; default `key`. */
  readonly key?: string;
  /** Whether a value is not known yet, wholly or in part; unknown parts give no errors. */
  readonly isUnknown?: (value: unknown) => boolean;
}

export interface MessageContext {
  readonly locate: Locate;
  readonly basePath: Path;
  readonly words: SchemaWords;
}

interface Finding {
  readonly code: 'unknown-key' | 'missing-key' | 'wrong-type' | 'invalid-value';
  readonly message: string;
  readonly hint?: string | undefined;
  /** The key of the value to report, if not the value itself. */
  readonly key?: string;
}

/** One ajv error (with `verbose`) as a diagnostic; `path` is the value's, within the validated data. */
export function schemaDiagnostic(error: ErrorObject, path: Path, context: MessageContext): Diagnostic {
  const at = [...context.basePath, ...path];
  const noun = path.length === 0 ? (context.words.key ?? 'key') : 'key';
  const { code, message, hint, key } = explain(error, at, noun);
  const range =
    key !== undefined
      ? context.locate([...at, key], 'key')
      : context.locate(at, code === 'missing-key' ? 'key' : 'value');
  return tidy({ severity: 'error', code, message, range, hint });
}

function explain(error: ErrorObject, path: Path, noun: string): Finding {
  const params = error.params as Record<string, unknown>;
  const schema = (error.parentSchema ?? {}) as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(
        String(params.additionalProperty ?? params.unevaluatedProperty),
        noun,
        schema,
        error.data,
      );
    case 'required':
    case 'dependentRequired':
      return missingKey(String(params.missingProperty), noun, schema);
    case 'type':
      return wrongType(params.type as string | string[], error.data, path);
    default:
      return invalid(path, describeProblem(error, params), schema, error.propertyName, invalidHint(error));
  }
}

function unknownKey(key: string, noun: string, schema: Record<string, unknown>, data: unknown): Finding {
  const known = Object.keys((schema.properties as object | undefined) ?? {});
  const instead = schema['x-instead'] as Record<string, string> | undefined;
  const free = known.filter((name) => !Object.hasOwn(data as object, name));
  const hint =
    (instead !== undefined && Object.hasOwn(instead, key) ? instead[key] : undefined) ??
    didYouMean(key, free) ??
    (known.length > 0 ? `known here: ${known.join(', ')}` : undefined);
  return { code: 'unknown-key', message: `unknown ${noun} '${key}'`, hint, key };
}

function missingKey(key: string, noun: string, schema: Record<string, unknown>): Finding {
  const properties = (schema.properties ?? {}) as Record<string, { description?: string }>;
  const description = properties[key]?.description;
  return {
    code: 'missing-key',
    message: `the ${noun} '${key}' is missing`,
    hint: description === undefined ? undefined : `${key}: ${description}`,
  };
}

function wrongType(types: string | string[], data: unknown, path: Path): Finding {
  const expected = [types].flat();
  return {
    code: 'wrong-type',
    message: `${label(path)}expected ${listed(expected.map(typeName), 'or')}, got ${describeValue(data)}`,
    hint: typeHint(expected, data),
  };
}

function typeHint(expected: readonly string[], data: unknown): string | undefined {
  if (typeof data === 'string' && expected.includes('boolean') && /^(yes|no|on|off)$/i.test(data))
    return 'write true or false';
  if (
    typeof data === 'string' &&
    data.trim() !== '' &&
    (expected.includes('integer') || expected.includes('number'))
  ) {
    return Number.isFinite(Number(data)) ? 'take the quotes off' : undefined;
  }
  if (
    expected.includes('string') &&
    !expected.includes('array') &&
    (typeof data === 'number' || typeof data === 'boolean')
  )
    return 'put it in quotes';
  return undefined;
}

function invalid(
  path: Path,
  problem: string,
  schema: Record<string, unknown>,
  propertyName: string | undefined,
  hint?: string,
): Finding {
  const said = schema['x-error'];
  const message = `${propertyName === undefined ? label(path) : `'${propertyName}': `}${typeof said === 'string' ? said : problem}`;
  return tidy({ code: 'invalid-value', message, hint, key: propertyName });
}

function describeProblem(error: ErrorObject, params: Record<string, unknown>): string {
  const limit = params.limit;
  switch (error.keyword) {
    case 'enum':
      return `expected ${listed((params.allowedValues as unknown[]).map(plain), 'or')}, got ${plain(error.data)}`;
    case 'const':
      return `expected ${plain(params.allowedValue)}, got ${plain(error.data)}`;
    case 'format':
      return formats[String(params.format)]?.(String(error.data)) ?? `not a valid ${params.format}`;
    case 'pattern':
      return `${plain(error.data)} is not allowed here${described(error)}`;
    case 'minimum':
      return `${plain(error.data)} is too small: at least ${limit}`;
    case 'maximum':
      return `${plain(error.data)} is too large: at most ${limit}`;
    case 'exclusiveMinimum':
      return `${plain(error.data)} is too small: more than ${limit}`;
    case 'exclusiveMaximum':
      return `${plain(error.data)} is too large: less than ${limit}`;
    case 'multipleOf':
      return `${plain(error.data)} is not a multiple of ${params.multipleOf}`;
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `too short: at least ${limit} characters`;
    case 'maxLength':
      return `too long: at most ${limit} characters`;
    case 'minItems':
      return limit === 1 ? 'the list must not be empty' : `too few elements: at least ${limit}`;
    case 'maxItems':
      return `too many elements: at most ${limit}`;
    case 'uniqueItems':
      return `elements ${Number(params.j) + 1} and ${Number(params.i) + 1} are the same`;
    case 'minProperties':
      return limit === 1 ? 'the mapping must not be empty' : `too few keys: at least ${limit}`;
    case 'maxProperties':
      return `too many keys: at most ${limit}`;
    default:
      return error.message ?? 'not allowed here';
  }
}

function described(error: ErrorObject): string {
  const description = (error.parentSchema as { description?: string } | undefined)?.description;
  return description === undefined ? '' : `; it is ${description}`;
}

function invalidHint(error: ErrorObject): string | undefined {
  if (error.keyword !== 'enum' || typeof error.data !== 'string') return undefined;
  const words = (error.params.allowedValues as unknown[]).filter((word) => typeof word === 'string');
  return nearest(error.data, words) === undefined ? undefined : didYouMean(error.data, words);
}

/** `port: ` before a message, to understand it without the code frame; empty at the root. */
function label(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return '';
  if (typeof last === 'string') return `${last}: `;
  const list = label(path.slice(0, -1)).slice(0, -': '.length);
  return `${list === '' ? '' : `${list}, `}element ${last + 1}: `;
}

const typeNames: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

function typeName(type: string): string {
  return typeNames[type] ?? type;
}

/** A value in a user's words: `a list`, `the number 5`. */
function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const shown = plain(value);
  return shown.length > 40 ? `a ${typeof value}` : `the ${typeof value} ${shown}`;
}

function plain(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return value !== null && typeof value === 'object' ? describeValue(value) : String(value);
}

function listed(items: readonly string[], word: 'or' | 'and'): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}
