import { createHash } from 'node:crypto';
import type { Between } from '../model/check-types.ts';

/** The source and the target of a check; a host checked by itself is both. */
export interface Pair {
  readonly source: string;
  readonly target: string;
}

/**
 * The pairs that a check covers, source by source in the hosts' order. Both directions count: a path may work
 * one way only. A sample depends only on the hosts' names, so two runs check the same pairs.
 */
export function pairsOf(
  between: Between,
  hosts: readonly string[],
  peersOf: (host: string) => ReadonlySet<string>,
): Pair[] {
  if (between === 'none') return hosts.map((host) => ({ source: host, target: host }));
  const all = hosts.flatMap((source) =>
    hosts.flatMap((target) => (source === target ? [] : [{ source, target }])),
  );
  if (between === 'all_pairs') return all;
  if (between === 'neighbours') return all.filter(({ source, target }) => peersOf(source).has(target));
  const ranks = new Map(all.map((pair) => [pair, rank(pair)]));
  const order = (a: Pair, b: Pair) => ((ranks.get(a) ?? '') < (ranks.get(b) ?? '') ? -1 : 1);
  const taken = new Set([...all].sort(order).slice(0, between.sample));
  return all.filter((pair) => taken.has(pair));
}

/** A pseudo-random rank: the first N by rank are spread over all pairs. */
function rank({ source, target }: Pair): string {
  return createHash('sha256')
    .update(JSON.stringify([source, target]))
    .digest('hex');
}
