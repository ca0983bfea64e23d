/** The number of edits (insert, delete, replace, swap of neighbours) from one word to the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(before, j - 2) + 1);
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

// `ovs-bridge`, `OVS_Bridge` and `ovsbridge` become equal.
function bare(word: string): string {
  return word.toLowerCase().replace(/[-_. ]/g, '');
}

/** Longer words are no typos, and comparing takes quadratic time. */
const longest = 100;

/**
 * The candidate that the user probably meant: at most one edit per three characters; undefined if none is that near.
 * Case, `-` and `_` don't count. The first of equal ones wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  const wanted = bare(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = bare(candidate);
    if (candidate === word || Math.abs(other.length - wanted.length) >= least) continue;
    const edits = distance(wanted, other);
    // A word of one or two characters is near every word of its length.
    if (edits < least && edits < Math.max(wanted.length, other.length) / 2) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

/** The hint `did you mean '…'?`, if a candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(word, candidates);
  return found === undefined ? undefined : `did you mean '${found}'?`;
}
