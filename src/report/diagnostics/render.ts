import { isAbsolute, relative } from 'node:path';
import { styleText } from 'node:util';
import type { Diagnostic, SourceRange } from '../../diagnostics/diagnostic.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { positionAt } from '../../diagnostics/position.ts';
import { sentence } from '../../diagnostics/sentence.ts';
import { sortDiagnostics } from '../../diagnostics/sort.ts';
import { codeFrame } from './code-frame.ts';
import { shownRange, withoutSecrets } from './without-secrets.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

export interface RenderOptions {
  readonly color: boolean;
  /** Columns to which source lines are cut, including the margin. Default: 170. */
  readonly width?: number;
  /** Absolute paths below this folder are shown relative to it. */
  readonly cwd?: string;
}

const widest = 170;
const fewestColumns = 20;

/** Nobody reads more; a generated inventory may have an error for each of a thousand hosts. */
const shownAtMost = 50;

/**
 * Diagnostics for a terminal: `file:line:column code error: message`, the line with the error underlined, and the
 * hint; sorted by file and position, each once, and a line with their number. Of very many only the first are shown,
 * errors before warnings. All source text is escaped, and secrets are masked. Empty if there are none.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  if (diagnostics.length === 0) return '';
  const paint: Paint = options.color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
  const sorted = sortDiagnostics(diagnostics.map(withoutSecrets));
  const shown = firstOf(sorted);
  const left = sorted.length - shown.length;
  const total = `${count(sorted, paint)}${left > 0 ? `; ${left} of them not shown` : ''}`;
  return `${[...shown.map((d) => renderOne(d, options, paint)), total].join('\n\n')}\n`;
}

function firstOf(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  if (sorted.length <= shownAtMost) return sorted;
  const errors = sorted.filter((d) => d.severity === 'error');
  const warnings = sorted.filter((d) => d.severity !== 'error');
  const first = new Set([...errors, ...warnings].slice(0, shownAtMost));
  return sorted.filter((d) => first.has(d));
}

function renderOne(d: Diagnostic, options: RenderOptions, paint: Paint): string {
  const loud: Style = d.severity === 'error' ? 'red' : 'yellow';
  const place = d.range === undefined ? '' : `${paint('bold', placeOf(d.range, options.cwd))} `;
  const lines = [`${place}${d.code} ${paint(loud, `${d.severity}:`)} ${escapeControl(sentence(d))}`];
  if (d.range !== undefined)
    lines.push(...frameLines(d.range, loud, paint, Math.min(options.width ?? widest, widest)));
  if (d.hint !== undefined) lines.push(`  ${paint('cyan', 'hint:')} ${escapeControl(d.hint)}`);
  return lines.join('\n');
}

function placeOf(range: SourceRange, cwd: string | undefined): string {
  const { line, column } = positionAt(range.source, range.start);
  return `${escapeControl(shortPath(range.source.path, cwd))}:${line}:${column}`;
}

function shortPath(path: string, cwd: string | undefined): string {
  if (cwd === undefined || !isAbsolute(path)) return path;
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}

function frameLines(written: SourceRange, loud: Style, paint: Paint, width: number): string[] {
  const range = shownRange(written);
  if (range === undefined || range.source.text === '') return [];
  const gutter = String(positionAt(range.source, range.start).line).length;
  // The margin takes `  12 | `, and each sign that marks a cut takes one column.
  const frame = codeFrame(range, Math.max(fewestColumns, width - gutter - 7));
  const margin = (label: string) => paint('dim', `${label.padStart(gutter + 2)} |`);
  const lines = [];
  if (frame.before !== undefined) lines.push(`${margin(String(frame.line - 1))} ${frame.before}`);
  lines.push(`${margin(String(frame.line))} ${frame.text}`.trimEnd());
  lines.push(`${margin('')} ${' '.repeat(frame.indent)}${paint(loud, '^'.repeat(frame.width))}`);
  return lines;
}

function count(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [];
  if (errors > 0) parts.push(paint('red', `${errors} error${errors === 1 ? '' : 's'}`));
  if (warnings > 0) parts.push(paint('yellow', `${warnings} warning${warnings === 1 ? '' : 's'}`));
  return parts.join(', ');
}
