import type { CheckResult } from '../../checks/result.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { columnsOf, padEnd, truncate } from '../text/columns.ts';
import type { Paint } from '../text/paint.ts';
import { stateSigns, stateStyles } from './check-signs.ts';

interface MatrixOptions {
  readonly indent: number;
  readonly width: number;
  readonly paint: Paint;
}

const longestName = 24;

/**
 * A matrix with sources down, targets across, and a sign for each pair. Rows are numbered, and column headings are the
 * targets' numbers. Rows without a failure are left out if there are many. Empty if the matrix is too wide for the
 * terminal.
 */
export function checkMatrix(
  results: readonly CheckResult[],
  { indent, width, paint }: MatrixOptions,
): string[] {
  const hosts = [...new Set(results.flatMap(({ source, target }) => [source, target]))];
  const order = [...new Set(results.map(({ source }) => source)), ...hosts].filter(
    (host, i, all) => all.indexOf(host) === i,
  );
  const digits = String(order.length).length;
  const names = order.map((host) => truncate(escapeControl(host), longestName));
  const nameWidth = Math.max(...names.map(columnsOf));
  const start = `${' '.repeat(indent)}${' '.repeat(digits + 1 + nameWidth)}`;
  if (columnsOf(start) + order.length * (digits + 1) > width) return [];
  const cells = new Map(results.map((result) => [`${result.source}\0${result.target}`, result.state]));
  const rows = order.flatMap((source, i) => {
    const row = order.map((target) => cells.get(`${source}\0${target}`));
    if (order.length > fewRows && row.every((state) => state === undefined || state === 'ok')) return [];
    const signs = row.map((state) => {
      const pad = ' '.repeat(digits);
      return state === undefined ? `${pad}·` : `${pad}${paint(stateStyles[state], stateSigns[state])}`;
    });
    const number = String(i + 1).padStart(digits);
    return [`${' '.repeat(indent)}${number} ${padEnd(names[i] ?? '', nameWidth)}${signs.join('')}`];
  });
  const header = order.map((_, i) => ` ${String(i + 1).padStart(digits)}`).join('');
  return [paint('dim', `${start}${header}`), ...rows];
}

/** With more hosts, rows without a failure are left out. */
const fewRows = 8;
