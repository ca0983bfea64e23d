import { structuredPatch } from 'diff';
import { escapeLines } from '../../diagnostics/escape.ts';
import type { Paint } from './paint.ts';

/** Nobody reads more edits, and finding them is slow. */
const mostEdits = 5000;

/** The changes in a text, as a unified diff without file names. Escaped. */
export function textDiff(before: string | undefined, after: string | undefined): string[] {
  const patch = structuredPatch('', '', before ?? '', after ?? '', '', '', {
    context: 3,
    maxEditLength: mostEdits,
  });
  if (patch === undefined) return ['(too different to show)'];
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map(escapeLines),
  ]);
}

export function paintDiff(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  if (line.startsWith('-')) return paint('red', line);
  return line.startsWith('@@') ? paint('cyan', line) : line;
}

/** The length of a text before and after: `12 → 14 lines`, or `12 lines, changed` if it is the same. */
export function linesChange(before: string | undefined, after: string | undefined): string {
  const lengths = [before, after].filter((text) => text !== undefined).map(lineCount);
  const unit = lengths.every((length) => length === 1) ? 'line' : 'lines';
  const [old, now] = lengths;
  return old === now ? `${old} ${unit}, changed` : `${lengths.join(' → ')} ${unit}`;
}

function lineCount(text: string): number {
  let lines = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
