import type { Link } from './graph.ts';

/** All pairs of members. Can be iterated several times, and stores nothing. */
export function fullMesh(members: number): Iterable<Link> {
  return {
    *[Symbol.iterator]() {
      for (let a = 0; a < members; a++) for (let b = a + 1; b < members; b++) yield [a, b];
    },
  };
}

/** One member with each of the others. */
export function star(members: number, hub: number): Link[] {
  return Array.from({ length: members }, (_, i): Link => [hub, i]).filter(([, i]) => i !== hub);
}

/** Each member with the next one. */
export function chain(order: readonly number[]): Link[] {
  return order.slice(1).map((next, i): Link => [order[i] as number, next]);
}

/** A chain whose ends are linked as well; two members have only one link. */
export function ring(order: readonly number[]): Link[] {
  const [first, last] = [order[0] as number, order.at(-1) as number];
  return order.length < 3 ? chain(order) : [...chain(order), [last, first]];
}
