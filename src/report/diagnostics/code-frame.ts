import type { SourceRange } from '../../diagnostics/diagnostic.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { lineText, positionAt } from '../../diagnostics/position.ts';
import { graphemes } from '../../diagnostics/width.ts';

/** The line on which a range begins, ready to print, and the position of the underline below it. */
export interface CodeFrame {
  readonly line: number;
  readonly text: string;
  /** The line before, unless it is blank or the line was cut. */
  readonly before?: string;
  /** Columns on a terminal: how many to skip, and how many to underline (at least one). */
  readonly indent: number;
  readonly width: number;
}

/**
 * Control characters are escaped, tabs take four columns, wide characters two; a line longer than `longest` columns is
 * cut around the range.
 */
export function codeFrame(range: SourceRange, longest: number): CodeFrame {
  const { line } = positionAt(range.source, range.start);
  const { text, start } = lineText(range.source, line);
  const from = Math.min(range.start - start, text.length);
  const to = Math.max(from, Math.min(range.end - start, text.trimEnd().length));
  const cut = text.length > longest ? cutAround(text, from, longest) : { text, start: 0, head: '', tail: '' };

  let shown = cut.head;
  let column = cut.head.length;
  let tail = cut.tail;
  let indent: number | undefined;
  let end: number | undefined;
  for (const cell of graphemes(cut.text)) {
    const offset = cut.start + cell.offset;
    const columns = columnsOf(cell);
    if (column + columns > cut.head.length + longest) {
      tail = '…';
      break;
    }
    if (indent === undefined && offset + cell.text.length > from) indent = column;
    if (end === undefined && offset >= to && offset > from) end = column;
    shown += draw(cell.text);
    column += columns;
  }
  indent ??= column;
  const before = cut.head + cut.tail === '' && line > 1 ? lineText(range.source, line - 1).text : '';
  return {
    line,
    text: shown + tail,
    ...(before.trim() !== '' && before.length <= longest
      ? {
          before: graphemes(before)
            .map((cell) => draw(cell.text))
            .join(''),
        }
      : {}),
    indent,
    width: Math.max(1, (end ?? column) - indent),
  };
}

function columnsOf({ text, width }: { readonly text: string; readonly width: number }): number {
  const drawn = draw(text);
  return drawn === text ? width : drawn.length;
}

function draw(grapheme: string): string {
  return grapheme === '\t' ? '    ' : escapeControl(grapheme);
}

function cutAround(
  text: string,
  from: number,
  longest: number,
): { text: string; start: number; head: string; tail: string } {
  const room = Math.floor(longest / 3);
  let start = outsideOfPair(text, Math.max(0, from - room));
  const before = graphemes(text.slice(start, from));
  let columns = before.reduce((sum, cell) => sum + columnsOf(cell), 0);
  for (const cell of before) {
    if (columns <= room) break;
    columns -= columnsOf(cell);
    start += cell.text.length;
  }
  const end = outsideOfPair(text, Math.min(text.length, start + longest));
  return {
    text: text.slice(start, end),
    start,
    head: start > 0 ? '…' : '',
    tail: end < text.length ? '…' : '',
  };
}

function outsideOfPair(text: string, offset: number): number {
  return /^[\udc00-\udfff]/.test(text.slice(offset, offset + 1)) ? offset + 1 : offset;
}
