import { graphemes } from '../../diagnostics/width.ts';

/** The columns that text takes on a terminal. For text without control characters or colours. */
export function columnsOf(text: string): number {
  // Most text is ASCII, and segmenting is slow.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return graphemes(text).reduce((sum, { width }) => sum + width, 0);
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** The text, or as much of it as fits with an ellipsis. */
export function truncate(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let taken = '';
  let used = 0;
  for (const { text: piece, width } of graphemes(text)) {
    if (used + width > columns - 1) break;
    taken += piece;
    used += width;
  }
  return columns < 1 ? '' : `${taken.trimEnd()}…`;
}

/**
 * Breaks one line at spaces, and words that are too long anywhere. Returns at least one line, none wider than
 * `columns`.
 */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  let gap = '';
  for (const part of text.split(/( +)/)) {
    if (part === '') continue;
    if (part.startsWith(' ')) {
      gap = part;
      continue;
    }
    const joined = line + gap + part;
    if (columnsOf(joined) <= room) {
      line = joined;
    } else {
      if (line !== '') lines.push(line);
      const pieces = chop(part, room);
      line = pieces.pop() ?? '';
      lines.push(...pieces);
    }
    gap = '';
  }
  return [...lines, line];
}

function chop(word: string, columns: number): string[] {
  if (columnsOf(word) <= columns) return [word];
  const pieces = [];
  let piece = '';
  let used = 0;
  for (const { text, width } of graphemes(word)) {
    if (used + width > columns && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += text;
    used += width;
  }
  return [...pieces, piece];
}

/** Wrapped text after a prefix; further lines are indented to the start of the text. */
export function hang(prefix: string, text: string, width: number): string[] {
  const indent = columnsOf(prefix);
  return wrap(text, width - indent).map((line, i) => (i === 0 ? prefix : ' '.repeat(indent)) + line);
}
