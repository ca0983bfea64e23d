import { details, fenced, sizeOf } from './markdown-parts.ts';

/** Lines of code under a title; they may be cut after any line. */
export interface Block {
  /** Finished HTML, short. */
  readonly title: string;
  /** Escaped for terminals. */
  readonly lines: readonly string[];
}

/** If less room is left, the block is left out: so little of it would say nothing. */
const leastRoom = 300;

/**
 * As many blocks as fit into the limit, in order; if not all fit whole, each is cut to the same size. What is left out
 * is counted: lines below their block, blocks in `omitted`.
 */
export function fitBlocks<B extends Block>(
  blocks: readonly B[],
  room: number,
): { text: string; omitted: readonly B[] } {
  const measured = blocks.map((block) => ({ block, ends: endsOf(block) }));
  const drawn = (limit: number) =>
    measured.map(({ block, ends }) => drawBlock(block, ends.findLastIndex((end) => end <= limit) + 1));
  const whole = drawn(Number.POSITIVE_INFINITY);
  if (sizeOf(joined(whole)) <= room) return { text: joined(whole), omitted: [] };
  let [fits, tooLarge] = [leastRoom, room];
  while (tooLarge - fits > 50) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if (sizeOf(joined(drawn(middle))) <= room) fits = middle;
    else tooLarge = middle;
  }
  const cut = drawn(fits);
  let taken = 0;
  for (let used = 0; taken < cut.length; taken++) {
    used += sizeOf(cut[taken] ?? '') + 2;
    if (used > room) break;
  }
  return { text: joined(cut.slice(0, taken)), omitted: blocks.slice(taken) };
}

/** The number of bytes up to the end of each line of a block. */
function endsOf({ lines }: Block): number[] {
  let size = 0;
  return lines.map((line) => {
    size += sizeOf(line) + 1;
    return size;
  });
}

function drawBlock({ title, lines }: Block, shown: number): string {
  const left = lines.length - shown;
  const more = left === 0 ? [] : [`… ${left} more ${left === 1 ? 'line' : 'lines'} not shown`];
  return details(title, fenced('diff', [...lines.slice(0, shown), ...more]));
}

function joined(parts: readonly string[]): string {
  return parts.join('\n\n');
}
