import { escapeControl } from '../../diagnostics/escape.ts';
import { columnsOf, padEnd, truncate, wrap } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { hostNames } from '../text/host-names.ts';
import type { Paint, Style } from '../text/paint.ts';
import type { Row } from './live-progress.ts';

/** The live view shows at most this many failures; the recap shows all. */
const mostFailures = 3;

export interface RowOptions {
  readonly paint: Paint;
  readonly width: number;
  /** The width to which titles are padded. */
  readonly titleWidth: number;
  /** Precedes rows in progress; undefined once the run is over. */
  readonly spinner: string | undefined;
}

/** `⠹ Docker on that bridge  17/20 · docker3 docker7 …`, and a line for each of the first failures. */
export function rowText(row: Row, { paint, width, titleWidth, spinner }: RowOptions): string[] {
  const title = padEnd(truncate(escapeControl(row.title), titleWidth), titleWidth);
  const text = truncate(`${title}  ${counts(row)}`, width - 2);
  const who = names(row.running, width - columnsOf(text) - 5);
  const running = who === '' ? '' : ` · ${who}`;
  return [
    `${mark(row, paint, spinner)} ${text}${paint('dim', running)}`.trimEnd(),
    ...failures(row, paint, width),
  ];
}

function mark({ running, done, failed, total }: Row, paint: Paint, spinner: string | undefined): string {
  if (failed.size > 0) return paint('red', '✖');
  const going = running.size > 0 || done.size < (total ?? 0);
  if (going && spinner !== undefined) return paint('yellow', running.size > 0 ? spinner : '·');
  return going ? paint('yellow', '–') : paint('green', '✔');
}

function counts({ running, done, failed, notRun, total }: Row): string {
  const all = Math.max(total ?? 0, running.size + done.size + failed.size);
  const bad = failed.size > 0 ? `, ${failed.size} failed` : '';
  const idle = notRun.size > 0 ? `, ${notRun.size} did not run` : '';
  return `${done.size}/${all}${bad}${idle}`;
}

/** As many names as fit, and the number of the others; empty if not even that fits. */
function names(hosts: ReadonlySet<string>, columns: number): string {
  let text = '';
  let shown = 0;
  for (const host of hosts) {
    const next = `${text}${text === '' ? '' : ' '}${escapeControl(host)}`;
    const rest = hosts.size - shown - 1;
    if (columnsOf(next) + (rest > 0 ? ` +${rest}`.length : 0) > columns) break;
    text = next;
    shown++;
  }
  const rest = hosts.size - shown;
  const all = rest === 0 ? text : `${text}${text === '' ? '' : ' '}+${rest}`;
  return columnsOf(all) <= columns ? all : '';
}

function failures({ failed, notices }: Row, paint: Paint, width: number): string[] {
  const troubles = [...failed].map(([host, { message }]) => [host, message] as const);
  return [...said(troubles, 'red', paint, width), ...said([...notices], 'yellow', paint, width)];
}

/** Texts with their hosts; hosts with the same text are grouped. */
function said(
  texts: readonly (readonly [host: string, message: string])[],
  style: Style,
  paint: Paint,
  width: number,
): string[] {
  const equal = groupBy(texts, ([, message]) => message);
  const lines = equal
    .slice(0, mostFailures)
    .flatMap((group) =>
      wrap(`${hostNames(group.map(([host]) => host))}: ${escapeControl(group[0][1])}`, width - 4).map(
        (line) => `  ${paint(style, line)}`,
      ),
    );
  const rest = equal.slice(mostFailures).flat().length;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
}
