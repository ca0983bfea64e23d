import { escapeControl } from '../../diagnostics/escape.ts';
import { hang } from '../text/columns.ts';
import { hostsAmong } from '../text/host-names.ts';
import type { Lists } from '../text/many-rows.ts';
import type { Paint } from '../text/paint.ts';
import { type TableOptions, table } from '../text/table.ts';
import { actionStyles, riskWords, symbols } from '../text/words.ts';
import type { FacetTable } from './facet-table.ts';
import { facetsOf } from './facets.ts';
import { hostsOf, type Shape } from './fold.ts';
import { textDiffs, textLengths } from './shape-texts.ts';

export interface ShapeOptions {
  readonly paint: Paint;
  readonly width: number;
  /** Shows texts as diffs. */
  readonly diff: boolean;
  readonly lists: Lists;
  /** Every host with a plan. */
  readonly all: readonly string[];
}

const headIndent = 3;
const bodyIndent = 7;

/** One shape: its action once, and tables of what differs between objects and hosts. */
export function shapeText(shape: Shape, options: ShapeOptions): string[] {
  const { paint, width, lists: long } = options;
  // What runs on a host is always shown in full.
  const diff = options.diff || shape[0].change.action === 'run';
  const tables = [...facetsOf(shape), ...(diff ? [] : [textLengths(shape)])].filter(
    ({ rows }) => rows.length > 0,
  );
  // Tables of two columns without titles are lists of fields, and are laid out as one.
  const lists = tables.filter(({ header }) => header.every((title) => title === '') && header.length === 2);
  const others = tables.filter((other) => !lists.includes(other));
  const fields = { header: ['', ''], rows: lists.flatMap(({ rows }) => rows) };
  return [
    ...head(shape, options),
    ...(fields.rows.length > 0 ? [fields, ...others] : others).flatMap(({ header, rows }) =>
      manyRows(header, rows, { indent: bodyIndent, width, paint }, long),
    ),
    ...(diff ? textDiffs(shape, { indent: bodyIndent, width, paint }) : []),
    ...shape[0].change.risks.flatMap((risk) =>
      hang(' '.repeat(bodyIndent), `! ${riskWords[risk]}`, width).map((line) => paint('yellow', line)),
    ),
  ];
}

function manyRows(
  header: readonly string[],
  rows: FacetTable['rows'],
  options: TableOptions,
  lists: Lists,
): string[] {
  const { shown, more } = lists.first(rows);
  const { indent, width } = options;
  return [
    ...table(header, shown, options),
    ...(more === undefined ? [] : hang(`${' '.repeat(indent)}… `, more, width)),
  ];
}

function head(shape: Shape, { paint, width, all }: ShapeOptions): string[] {
  const { action, noun, target } = shape[0].change;
  const hosts = hostsOf(shape);
  const objects = new Set(shape.map(({ change }) => change.target)).size;
  const where = hostsAmong(hosts, all);
  const what = objects > 1 ? `${noun} × ${objects}` : `${noun} ${target}`;
  const text = `${escapeControl(what)}${where === '' ? '' : `  on ${where}`}`;
  const prefix = `${' '.repeat(headIndent)}${symbols[action]} `;
  return hang(prefix, text, width).map((line, i) =>
    i === 0
      ? `${' '.repeat(headIndent)}${paint(actionStyles[action], symbols[action])}${line.slice(headIndent + 1)}`
      : line,
  );
}
