/** Addresses (or other numbers) from `first` to `last`, both included. */
export interface Interval {
  readonly first: number;
  readonly last: number;
}

/** Sorted and disjoint: made by `merged`, searched by the functions below. */
export type Disjoint = readonly Interval[];

/** The same numbers in the fewest sorted intervals. */
export function merged(intervals: readonly Interval[]): Disjoint {
  const result: { first: number; last: number }[] = [];
  for (const { first, last } of [...intervals].sort((a, b) => a.first - b.first)) {
    const previous = result.at(-1);
    if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else result.push({ first, last });
  }
  return result;
}

/** Whether `interval` overlaps one of `taken`. */
export function meets(taken: Disjoint, interval: Interval): boolean {
  let low = 0;
  let high = taken.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((taken[middle] as Interval).last < interval.first) low = middle + 1;
    else high = middle;
  }
  const next = taken[low];
  return next !== undefined && next.first <= interval.last;
}

/**
 * The blocks of `size` numbers in `within` that are aligned to its beginning and overlap nothing in `taken`, lowest
 * first. Skips a large interval in one step.
 */
export function* freeBlocks(within: Interval, size: number, taken: Disjoint): Generator<Interval> {
  let next = 0;
  let first = within.first;
  while (first + size - 1 <= within.last) {
    const last = first + size - 1;
    while (next < taken.length && (taken[next] as Interval).last < first) next++;
    const obstacle = taken[next];
    if (obstacle === undefined || obstacle.first > last) {
      yield { first, last };
      first += size;
    } else {
      first += Math.ceil((obstacle.last + 1 - first) / size) * size;
    }
  }
}
