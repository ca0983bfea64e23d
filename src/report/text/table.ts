import { columnsOf, hang, padEnd, wrap } from './columns.ts';
import type { Paint } from './paint.ts';

export interface TableOptions {
  readonly indent: number;
  readonly width: number;
  readonly paint: Paint;
}

const gap = 2;
/** The last column is wrapped only if it has at least this width. */
const leastLast = 16;

/**
 * Aligned columns under a header. If they are too wide for the terminal, the last column is wrapped; if that leaves
 * too little room, each row becomes a small block of `header  value` lines. Cells are already escaped.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { indent, width, paint }: TableOptions,
): string[] {
  const widths = header.map((title, i) =>
    Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row[i] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, column) => sum + column + gap, indent);
  const last = Math.min(widths.at(-1) ?? 0, width - before);
  if (last < Math.min(widths.at(-1) ?? 0, leastLast)) return blocks(header, rows, { indent, width, paint });
  const line = (cells: readonly string[]): string[] =>
    wrap(cells.at(-1) ?? '', last).map((end, i) => {
      const start = cells.slice(0, -1).map((cell, c) => padEnd(i === 0 ? cell : '', (widths[c] ?? 0) + gap));
      return `${' '.repeat(indent)}${start.join('')}${end}`.trimEnd();
    });
  const heading = header.some((title) => title !== '') ? line(header).map((text) => paint('dim', text)) : [];
  return [...heading, ...rows.flatMap(line)];
}

function blocks(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { indent, width }: TableOptions,
): string[] {
  return rows.flatMap(([first = '', ...others]) => [
    ...hang(' '.repeat(indent), first, width),
    ...others.flatMap((cell, i) => {
      const title = header[i + 1] ?? '';
      return cell === ''
        ? []
        : hang(' '.repeat(indent + gap), title === '' ? cell : `${title}: ${cell}`, width);
    }),
  ]);
}
