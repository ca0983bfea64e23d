import type { Kind } from '../../kinds/define-kind.ts';

/** One param in the reference of its kind. */
export interface ParamRow {
  /** Params of a mapping or of a list's elements come after it: `ports`, `ports[].name`. */
  readonly name: string;
  /** In words: `string`, `present | absent`, `list of integer (1–4094)`. */
  readonly type: string;
  readonly required: boolean;
  /** As JSON; undefined if the schema has none. */
  readonly default?: string;
  readonly description: string;
}

/** The parts of a JSON Schema that the reference needs. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every param of a kind, in its schema's order. */
export function paramRows(kind: Pick<Kind, 'params'>): ParamRow[] {
  return rowsOf(kind.params as Schema, '');
}

function rowsOf(schema: Schema, prefix: string): ParamRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, param]) => {
    const name = `${prefix}${key}`;
    const row: ParamRow = {
      name,
      type: typeText(param),
      required: schema.required?.includes(key) ?? false,
      ...(param.default === undefined ? {} : { default: JSON.stringify(param.default) }),
      description: param.description ?? '',
    };
    return [
      row,
      ...branches(param).flatMap((branch) => [
        ...rowsOf(branch, `${name}.`),
        ...rowsOf(branch.items ?? {}, `${name}[].`),
      ]),
    ];
  });
}

function branches(schema: Schema): readonly Schema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

function typeText(schema: Schema): string {
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (schema.type === undefined && either !== undefined)
    return [...new Set(either.map(typeText))].join(' | ');
  if (typeof schema.type === 'object')
    return schema.type.map((type) => typeText({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.type === 'object') return 'mapping';
  if (schema.type === undefined) return 'anything';
  const detail = schema.type === 'string' ? schema.format : range(schema);
  return detail === undefined ? schema.type : `${schema.type} (${detail})`;
}

function range({ minimum, maximum }: Schema): string | undefined {
  if (minimum === undefined) return maximum === undefined ? undefined : `≤ ${maximum}`;
  return maximum === undefined ? `≥ ${minimum}` : `${minimum}–${maximum}`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
