import { escapeControl } from '../../diagnostics/escape.ts';
import { escapeMarkup } from '../../drawing/markup.ts';
import { truncate } from '../text/columns.ts';

/** The maximum for a name, a list of hosts or a message within a line, and in a summary. */
const mostColumns = 240;
/** Characters may have a width of zero. */
const mostCharacters = 480;

/**
 * A name or another text from a file or a host, as code: none of it is read as Markdown, HTML, a mention or a
 * reference. At most one line, never empty.
 */
export function code(text: string): string {
  const line = short(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The same inside an HTML element, where Markdown isn't parsed. */
export function htmlCode(text: string): string {
  return `<code>${escapeMarkup(short(text))}</code>`;
}

function short(text: string): string {
  const line = truncate(escapeControl(text).trim(), mostColumns);
  const characters = [...line];
  if (characters.length === 0) return '(nothing)';
  return characters.length <= mostCharacters ? line : `${characters.slice(0, mostCharacters).join('')}…`;
}

/** Lines in a fence that none of them can close. They must already be escaped for terminals. */
export function fenced(language: string, lines: readonly string[]): string {
  const fence = '`'.repeat(lines.reduce((length, line) => Math.max(length, longestRun(line) + 1), 3));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/** A section that unfolds. The title is finished HTML. */
export function details(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** At least what GitHub counts: the bytes of UTF-8. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
