import type { SourceFile, SourceRange } from './diagnostic.ts';

/** Line and column count from 1; a column is one character (code point), whatever its width on screen. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

/** The offsets of line starts; computed once per file. */
function lineStarts(source: SourceFile): readonly number[] {
  let starts = lineStartsOf.get(source);
  if (starts === undefined) {
    const found = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
      found.push(at + 1);
    starts = found;
    lineStartsOf.set(source, starts);
  }
  return starts;
}

/** The line of an offset, from 1; faster than its column if lines are long. */
export function lineAt(source: SourceFile, offset: number): number {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** The position of an offset; an offset past the end has the position of the end. */
export function positionAt(source: SourceFile, offset: number): Position {
  const inside = Math.max(0, Math.min(offset, source.text.length));
  const line = lineAt(source, inside);
  return { line, column: charactersBetween(source.text, lineStarts(source)[line - 1] ?? 0, inside) + 1 };
}

function charactersBetween(text: string, start: number, end: number): number {
  let characters = 0;
  for (let at = start; at < end; characters++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return characters;
}

/** A line's text without its line break, and its first offset. */
export function lineText(source: SourceFile, line: number): { text: string; start: number } {
  const starts = lineStarts(source);
  const start = starts[line - 1] ?? source.text.length;
  const text = source.text.slice(start, starts[line] ?? source.text.length).replace(/\r?\n$/, '');
  return { text, start };
}

/** `file:line:column` of a range's start, for messages that name a second place. */
export function describePlace(range: SourceRange): string {
  const { line, column } = positionAt(range.source, range.start);
  return `${range.source.path}:${line}:${column}`;
}
