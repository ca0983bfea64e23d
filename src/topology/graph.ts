/** A tunnel between two members, by their places in the list of members. */
export type Link = readonly [number, number];

/** Whether every member can reach every other over links. True for one member and for none. */
export function isConnected(members: number, links: Iterable<Link>): boolean {
  const sets = new DisjointSets(members);
  let parts = members;
  for (const [a, b] of links) if (sets.join(a, b)) parts--;
  return parts <= 1;
}

/** Whether a frame could come back to where it was on another way; two links between the same two are a cycle too. */
export function hasCycle(members: number, links: Iterable<Link>): boolean {
  const sets = new DisjointSets(members);
  for (const [a, b] of links) if (!sets.join(a, b)) return true;
  return false;
}

/** Whether each two members are linked, each once: then nobody needs transit. */
export function isComplete(members: number, links: Iterable<Link>): boolean {
  const seen = new Set<number>();
  for (const [a, b] of links) seen.add(Math.min(a, b) * members + Math.max(a, b));
  for (let a = 0; a < members; a++) if (seen.has(a * members + a)) return false;
  return seen.size === (members * (members - 1)) / 2;
}

/** Union-find with path halving. */
class DisjointSets {
  readonly #parent: Uint32Array;

  constructor(size: number) {
    this.#parent = Uint32Array.from({ length: size }, (_, i) => i);
  }

  /** False when the two were in one set already. */
  join(a: number, b: number): boolean {
    const left = this.#root(a);
    const right = this.#root(b);
    this.#parent[left] = right;
    return left !== right;
  }

  #root(start: number): number {
    const parent = this.#parent;
    let i = start;
    while (parent[i] !== i) {
      const above = parent[i] as number;
      parent[i] = parent[above] as number;
      i = parent[i] as number;
    }
    return i;
  }
}
