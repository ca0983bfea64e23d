/** A tunnel between two members, by their indexes in the list of members. */
export type Link = readonly [number, number];

/**
 * Whether a frame could return to where it was by another path; two links between the same two members are a cycle,
 * too.
 */
export function hasCycle(members: number, links: Iterable<Link>): boolean {
  const sets = new DisjointSets(members);
  for (const [a, b] of links) if (!sets.join(a, b)) return true;
  return false;
}

/** The members of each connected part, in the members' order. */
export function parts(members: number, links: Iterable<Link>): number[][] {
  const sets = new DisjointSets(members);
  for (const [a, b] of links) sets.join(a, b);
  const groups = new Map<number, number[]>();
  for (let member = 0; member < members; member++) {
    const root = sets.root(member);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

/** Whether any two members of a connected graph are at most this many links apart. */
export function isWithin(hops: number, members: number, links: Iterable<Link>): boolean {
  const neighbours = Array.from({ length: members }, (): number[] => []);
  for (const [a, b] of links) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  for (let start = 0; start < members; start++) {
    const far = farthest(start, neighbours);
    if (far > hops) return false;
    // Any two are connected through the start.
    if (2 * far <= hops) return true;
  }
  return true;
}

/** The distance from a member to the farthest one, in links. */
function farthest(start: number, neighbours: readonly (readonly number[])[]): number {
  const reached = new Uint8Array(neighbours.length);
  reached[start] = 1;
  let hops = 0;
  for (let edge = [start]; ; hops++) {
    const next: number[] = [];
    for (const member of edge) {
      for (const neighbour of neighbours[member] as readonly number[]) {
        if (reached[neighbour] === 1) continue;
        reached[neighbour] = 1;
        next.push(neighbour);
      }
    }
    if (next.length === 0) return hops;
    edge = next;
  }
}

/** Union-find with path halving. */
export class DisjointSets {
  readonly #parent: Uint32Array;

  constructor(size: number) {
    this.#parent = Uint32Array.from({ length: size }, (_, i) => i);
  }

  /** False if the two were already in the same set. */
  join(a: number, b: number): boolean {
    const left = this.root(a);
    const right = this.root(b);
    this.#parent[left] = right;
    return left !== right;
  }

  root(start: number): number {
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
