export type Schema = Readonly<Record<string, unknown>>;

/** An object with these members, all required except those named. Open: new keys may be added at any time. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', required, properties };
}

export const text = (description: string): Schema => ({ type: 'string', description });
export const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
export const listOf = (items: Schema, description: string): Schema => ({ type: 'array', items, description });
export const byName = (of: Schema, description: string): Schema => ({
  type: 'object',
  additionalProperties: of,
  description,
});

/** Why a host could not be reached. */
export const trouble = object(
  {
    code: { type: 'string' },
    message: { type: 'string' },
    hint: { type: 'string' },
    output: { type: 'string' },
  },
  ['hint', 'output'],
);

/** The source of a report. */
export const origin = object(
  {
    from: { enum: ['hosts', 'facts', 'nothing'] },
    folder: text('of stored facts'),
    oldest: { type: 'string', description: 'when they were read: ISO 8601, UTC' },
    newest: { type: 'string' },
    complete: { const: true, description: 'the facts hold all that was asked for' },
  },
  ['folder', 'oldest', 'newest', 'complete'],
);

/** An error or a warning, and its place. */
export const diagnostic = object(
  {
    severity: { enum: ['error', 'warning'] },
    code: { type: 'string' },
    message: { type: 'string' },
    hosts: listOf({ type: 'string' }, 'that it is said of; absent: of none in particular, or of all'),
    file: { type: 'string' },
    line: count('from 1'),
    column: count('from 1'),
    endLine: count('from 1'),
    endColumn: count('of the character after the last'),
    hint: { type: 'string' },
  },
  ['hosts', 'file', 'line', 'column', 'endLine', 'endColumn', 'hint'],
);
