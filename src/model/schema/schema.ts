import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { told } from '../../diagnostics/bounded.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Locate } from '../../source/locate.ts';
import { loseKey, loseNames } from './draft.ts';
import { formats } from './formats.ts';
import { asMapping, type Mapping, type Path } from './raw-inventory.ts';
import { withoutEchoes } from './schema-branches.ts';
import { type SchemaWords, schemaDiagnostic } from './schema-messages.ts';

/**
 * Validates data with a JSON Schema (2020-12) and reports each error at its place in plain English: `unknown-key`,
 * `missing-key`, `wrong-type` or `invalid-value`. For `anyOf` and `oneOf` only the nearest branch counts.
 *
 * `basePath` is the data's path in the document of `locate`.
 *
 * Schemas are objects that live as long as the program (each is compiled once), without `$ref`: share parts as
 * JavaScript values. Our own keywords: `x-error` is the message if a value doesn't match a `pattern`, `not` or
 * `propertyNames`, `x-instead` maps keys that users try to what they should write, and `x-local-file` marks the path
 * of a file on this machine.
 */
export function validateSchema(
  schema: object,
  data: unknown,
  locate: Locate,
  basePath: Path = [],
  words: SchemaWords = {},
): Diagnostic[] {
  const validate = compiled(schema);
  if (validate(data)) return [];
  const errors = (validate.errors ?? []).filter((error) => isCertain(error, words));
  // Matching errors with their choices is quadratic.
  const first = withoutEchoes(errors.slice(0, mostWeighed));
  const all = first.length + Math.max(0, errors.length - mostWeighed);
  return told(
    first,
    (error) => schemaDiagnostic(error, dataPath(error, data), { locate, basePath, words }),
    all,
  );
}

/** The limit of ajv errors; several of them may be one mistake. */
const mostWeighed = 1000;

/** Whether it is a mapping or a list, its keys and its length are certain even if its values are unknown. */
function isCertain({ keyword, data }: ErrorObject, { isUnknown }: SchemaWords): boolean {
  const isWhole = typeof data === 'object' && keyword !== 'uniqueItems' && keyword !== 'not';
  return isWhole || !isUnknown?.(data);
}

/**
 * The keys with valid values in a mapping that a schema refused, so that further errors in the file can be found.
 * Empty if it isn't a mapping.
 */
export function validParts(schema: Properties, data: unknown): Mapping {
  const valid = Object.entries(asMapping(data)).filter(([key, value]) => {
    const property = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    return property !== undefined && compiled(property)(value);
  });
  return Object.fromEntries(valid);
}

interface Properties {
  readonly properties: Readonly<Record<string, object>>;
}

/** Keys whose values define names that are used elsewhere. */
const naming: readonly string[] = ['vars', 'overlays', 'hosts', 'groups', 'children'];

/**
 * The same, with `vars` taken one by one, and with names that the rest may define added to `lost`. `refused` are the
 * keys that are left out wholly or in part.
 */
export function usableParts(
  schema: Properties,
  data: unknown,
  lost: Set<string>,
): { usable: Mapping; refused: readonly string[] } {
  const mapping = asMapping(data);
  if (mapping !== data) loseNames(data, lost);
  const usable: Record<string, unknown> = { ...validParts(schema, mapping) };
  const refused = Object.keys(mapping).filter((key) => !Object.hasOwn(usable, key));
  for (const key of refused) {
    const known = Object.hasOwn(schema.properties, key);
    if (!known) loseKey(key, lost);
    if (key === 'vars' && known) usable.vars = usableVars(schema.properties.vars ?? {}, mapping.vars, lost);
    else if (!known || naming.includes(key)) loseNames(mapping[key], lost);
  }
  return { usable, refused };
}

function usableVars(schema: object, vars: unknown, lost: Set<string>): Mapping {
  const mapping = asMapping(vars);
  if (mapping !== vars) loseNames(vars, lost);
  const valid = Object.entries(mapping).filter(([name, value]) => compiled(schema)({ [name]: value }));
  const usable = Object.fromEntries(valid);
  for (const name of Object.keys(mapping)) if (!Object.hasOwn(usable, name)) loseKey(name, lost);
  return usable;
}

const validators = new WeakMap<object, ValidateFunction>();
let ajv: Ajv2020 | undefined;

function compiled(schema: object): ValidateFunction {
  let validate = validators.get(schema);
  if (validate === undefined) {
    ajv ??= createAjv();
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  return validate;
}

function createAjv(): Ajv2020 {
  const created = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    // Most schemas validate a few values: optimised compilation takes longer than it saves.
    code: { optimize: false },
    // Tests check our schemas against the meta-schema, which takes long to compile at every start.
    validateSchema: false,
  });
  for (const keyword of ['x-error', 'x-instead', 'x-local-file']) created.addKeyword(keyword);
  for (const [name, problem] of Object.entries(formats)) {
    created.addFormat(name, { type: 'string', validate: (text: string) => problem(text) === undefined });
  }
  return created;
}

/** ajv's JSON pointer as a path; the data distinguishes list indexes from keys that look like numbers. */
function dataPath(error: ErrorObject, data: unknown): Path {
  let at = data;
  return error.instancePath
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(at) ? Number(name) : name;
      at = (at as Record<string | number, unknown>)[step];
      return step;
    });
}
