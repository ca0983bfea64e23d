import { formatPatterns } from './schema-formats.ts';

/** A JSON Schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Matches a text that contains a template: see isTemplate in src/template/compile.ts. */
export const templatePattern = '\\{\\{|\\{%';

/** A template in place of a value of any type. */
export const templateDefinition: JsonSchema = {
  type: 'string',
  pattern: templatePattern,
  description: 'A template.',
};

const template = { $ref: '#/definitions/template' };

/**
 * One of our schemas as any validator understands it: our formats become patterns, `x-error` becomes the text that
 * editors show for a pattern, and our other keywords are left out.
 */
export function standard(schema: object): JsonSchema {
  return convert(schema, false);
}

/** The same for params, which are rendered: each value in them may be a template instead. */
export function standardParams(schema: object): JsonSchema {
  return convert(schema, true);
}

function convert(schema: object, rendered: boolean): JsonSchema {
  const converted: Record<string, unknown> = {};
  const inside = (value: unknown) => {
    const inner = convert(value as object, rendered);
    return rendered ? orTemplate(inner) : inner;
  };
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description') Object.assign(converted, described(String(value)));
    else if (key === 'x-error') converted.patternErrorMessage = value;
    else if (key.startsWith('x-')) continue;
    else if (key === 'format') Object.assign(converted, patternOf(String(value)));
    else if (key === 'properties') converted.properties = mapValues(value, inside);
    else if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object'))
      converted[key] = inside(value);
    else if (key === 'anyOf' || key === 'allOf')
      converted[key] = (value as object[]).map((one) => convert(one, rendered));
    // Its name in draft 7.
    else if (key === 'dependentSchemas')
      converted.dependencies = mapValues(value, (one) => convert(one as object, rendered));
    else if (key === 'propertyNames') converted[key] = standard(value as object);
    // Two equal templates may give different values.
    else if (key === 'uniqueItems' && rendered) converted.anyOf = [{ [key]: value }, { contains: template }];
    else converted[key] = value;
  }
  return converted;
}

/**
 * One of our texts, which is Markdown, for editors: they break a `description` at every line end, and show its marks
 * literally.
 */
export function described(text: string): JsonSchema {
  const description = text.trim().replace(/(?<=\S)\n(?=\S)/g, ' ');
  return /[`*]/.test(description) ? { description, markdownDescription: description } : { description };
}

function patternOf(format: string): JsonSchema {
  const pattern = formatPatterns[format];
  if (pattern === undefined) throw new Error(`scripts/schema-formats.ts has no pattern for ${format}`);
  return { ...pattern };
}

/** The description stays outermost, where editors look for it. */
function orTemplate(schema: JsonSchema): JsonSchema {
  if (takesAnyText(schema)) return schema;
  const { description, markdownDescription, ...own } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(markdownDescription === undefined ? {} : { markdownDescription }),
    anyOf: [...(isOnlyChoice(own) ? (own.anyOf as JsonSchema[]) : [own]), template],
  };
}

function isOnlyChoice(schema: JsonSchema): boolean {
  return Object.keys(schema).join() === 'anyOf';
}

/** A template is a text of at least four characters. */
function takesAnyText({ type, minLength = 0, ...rest }: JsonSchema): boolean {
  const others = Object.keys(rest).filter((key) => !['description', 'markdownDescription'].includes(key));
  return type === 'string' && Number(minLength) <= 4 && others.length === 0;
}

export function mapValues<T>(values: unknown, map: (value: unknown, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values as object).map(([key, value]) => [key, map(value, key)]));
}
