/** The best layout for a graph, with its hosts in drawing order. */
export type Form =
  | { readonly name: 'circle'; readonly order: readonly number[] }
  | { readonly name: 'row'; readonly order: readonly number[] }
  | {
      readonly name: 'tree';
      readonly root: number;
      readonly children: ReadonlyMap<number, readonly number[]>;
    };

type Neighbours = readonly ReadonlySet<number>[];

/**
 * Recognises a graph by its links, whatever its shape is called: a chain is a row, a hub or any other tree is
 * a tree, a ring or a mesh is a circle. Ignores hosts without links.
 */
export function formOf(size: number, links: Iterable<readonly [number, number]>): Form {
  const neighbours = Array.from({ length: size }, () => new Set<number>());
  let edges = 0;
  for (const [a, b] of links) {
    if (a === b || neighbours[a]?.has(b)) continue;
    neighbours[a]?.add(b);
    neighbours[b]?.add(a);
    edges++;
  }
  const linked = neighbours.flatMap((set, i) => (set.size > 0 ? [i] : []));
  const all = linked.map((i) => i);
  if (linked.length < 3) return { name: 'row', order: all };
  const degrees = linked.map((i) => neighbours[i]?.size ?? 0);
  const walked = walk(neighbours, linked.find((_, i) => degrees[i] === 1) ?? (linked[0] as number));
  if (walked.length < linked.length) return { name: 'circle', order: all };
  if (edges === linked.length - 1) {
    if (degrees.every((degree) => degree <= 2)) return { name: 'row', order: walked };
    return tree(neighbours, linked);
  }
  return { name: 'circle', order: degrees.every((degree) => degree === 2) ? walked : all };
}

/** Depth first, lowest neighbour first: follows a chain or a ring from end to end. */
function walk(neighbours: Neighbours, start: number): number[] {
  const seen = new Set<number>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...[...(neighbours[at] ?? [])].filter((n) => !seen.has(n)).sort((x, y) => y - x));
  }
  return [...seen];
}

/** A tree from its centre: leaves are removed until one or two hosts are left. */
function tree(neighbours: Neighbours, linked: readonly number[]): Form {
  const degree = new Map(linked.map((i) => [i, neighbours[i]?.size ?? 0]));
  let leaves = linked.filter((i) => degree.get(i) === 1);
  for (let left = linked.length; left > 2; ) {
    left -= leaves.length;
    const next: number[] = [];
    for (const leaf of leaves) {
      for (const n of neighbours[leaf] ?? []) {
        const rest = (degree.get(n) ?? 0) - 1;
        degree.set(n, rest);
        if (rest === 1) next.push(n);
      }
    }
    leaves = next;
  }
  const root = Math.min(...leaves);
  const children = new Map<number, number[]>();
  const seen = new Set([root]);
  const open = [root];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    const own = [...(neighbours[at] ?? [])].filter((n) => !seen.has(n)).sort((x, y) => x - y);
    for (const n of own) seen.add(n);
    children.set(at, own);
    open.push(...own);
  }
  return { name: 'tree', root, children };
}
