import type { Json } from '../../json/json.ts';
import { readAnswer, Unreadable } from '../unreadable.ts';

/**
 * One row of an OVSDB table, as `ovs-vsctl --format=json` prints it: values in the notation of RFC 7047, section 5.1.
 */
export interface Row {
  /** Undefined if it is empty. */
  text(column: string): string | undefined;
  numbers(column: string): number[];
  /** Undefined unless it is true. */
  flag(column: string): true | undefined;
  /** A map of strings; undefined if it is empty. */
  map(column: string): Readonly<Record<string, string>> | undefined;
  /** The UUIDs in it. */
  ids(column: string): string[];
  /** The columns that aren't empty, without UUIDs; undefined if all are empty. */
  others(columns: readonly string[]): Readonly<Record<string, Json>> | undefined;
}

/**
 * Reads `count` tables, one a line.
 * @throws Unreadable if there are fewer, or a line isn't a table.
 */
export function parseTables(output: string, count: number): Row[][] {
  const texts = output.split('\n').filter((line) => line.startsWith('{'));
  if (texts.length !== count) throw new Unreadable(`${texts.length} tables instead of ${count}`);
  return texts.map((text) => readAnswer('ovs-vsctl', text, tableOf));
}

function tableOf(text: string): Row[] {
  const { headings, data } = JSON.parse(text) as { headings: string[]; data: Json[][] };
  return data.map((cells) => rowOf(new Map(headings.map((heading, i) => [heading, cells[i] as Json]))));
}

function rowOf(cells: ReadonlyMap<string, Json>): Row {
  const elements = (column: string) => elementsOf(cells.get(column) ?? null);
  return {
    text: (column) => elements(column).find((v): v is string => typeof v === 'string' && v !== ''),
    numbers: (column) => elements(column).filter((v): v is number => typeof v === 'number'),
    flag: (column) => (cells.get(column) === true ? true : undefined),
    map: (column) => mapOf(cells.get(column) ?? null),
    ids: (column) => elements(column).flatMap((v) => (isPair(v, 'uuid') ? [v[1] as string] : [])),
    others: (columns) => {
      const entries = columns.flatMap((column) => {
        const form = formOf(cells.get(column) ?? null);
        return form === undefined ? [] : [[column, form] as const];
      });
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    },
  };
}

function isPair(value: Json, tag: string): value is readonly [string, Json] {
  return Array.isArray(value) && value.length === 2 && value[0] === tag;
}

/** A set's elements; OVSDB writes a set of one as the element itself. */
function elementsOf(value: Json): readonly Json[] {
  if (isPair(value, 'set')) return value[1] as readonly Json[];
  return value === null ? [] : [value];
}

function mapOf(value: Json): Readonly<Record<string, string>> | undefined {
  const pairs = isPair(value, 'map') ? (value[1] as readonly (readonly [string, string])[]) : [];
  if (pairs.length === 0) return undefined;
  return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function formOf(value: Json): Json | undefined {
  if (isPair(value, 'map')) return mapOf(value);
  const elements = elementsOf(value).map((v) => (isPair(v, 'uuid') ? 'a row' : v));
  const [only] = elements;
  if (elements.length === 0) return undefined;
  if (elements.length > 1) return elements;
  return only === false || only === 0 || only === '' ? undefined : only;
}
