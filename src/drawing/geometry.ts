import type { LinkState } from './ends.ts';
import type { Layout, Place } from './layout.ts';
import { isThere, type Network, type NetworkLink } from './network.ts';

/** A link, or the half of it at one of its ends, as a path. */
export interface Stroke {
  readonly link: NetworkLink;
  readonly state: LinkState;
  readonly path: string;
  /** The point at this part of its length, from 0 to 1: where a sign can stand on it. */
  at(part: number): Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How far links of different overlays between two hosts stand apart. */
const apart = 26;

/**
 * What is drawn of the links: a whole one where both ends share a state, else a half at each end that is there. Links of
 * different overlays between two hosts bend away from each other.
 */
export function strokesOf(network: Network, layout: Layout, when: 'before' | 'after'): Stroke[] {
  const rank = new Map(network.overlays.map(({ name }, i) => [name, i]));
  const lanes = Math.max(1, rank.size);
  return network.links.flatMap((link): Stroke[] => {
    const [from, to] = [layout.places[link.a], layout.places[link.b]];
    if (from === undefined || to === undefined) return [];
    const bend = ((rank.get(link.overlay) ?? lanes - 1) - (lanes - 1) / 2) * apart;
    const [atA, atB] = link.states;
    if (atA === atB) {
      return isThere(atA, when) ? [{ link, state: atA, ...curve(from, to, bend, 0, 1) }] : [];
    }
    return [
      ...(isThere(atA, when) ? [{ link, state: atA, ...curve(from, to, bend, 0, 0.5) }] : []),
      ...(isThere(atB, when) ? [{ link, state: atB, ...curve(from, to, bend, 0.5, 1) }] : []),
    ];
  });
}

/** A part of a quadratic curve between two places that is `bend` away from the straight line in its middle. */
function curve(from: Place, to: Place, bend: number, start: number, end: number) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const control = {
    x: (from.x + to.x) / 2 - (2 * bend * dy) / length,
    y: (from.y + to.y) / 2 + (2 * bend * dx) / length,
  };
  const at = (t: number, u: number) => ({
    x: (1 - t) * (1 - u) * from.x + (t * (1 - u) + u * (1 - t)) * control.x + t * u * to.x,
    y: (1 - t) * (1 - u) * from.y + (t * (1 - u) + u * (1 - t)) * control.y + t * u * to.y,
  });
  const [p, q, r] = [at(start, start), at(start, end), at(end, end)].map(text);
  const on = (part: number) => at(start + (end - start) * part, start + (end - start) * part);
  return { path: bend === 0 ? `M${p}L${r}` : `M${p}Q${q} ${r}`, at: on };
}

/** The middle first, then ever farther from it. */
const spots = [0.5, 0.38, 0.62, 0.3, 0.7, 0.45, 0.55];

/**
 * A point for a sign on each stroke, clear of those of the strokes before it wherever one of a few spots is: strokes that
 * cross would have their signs at one place. Takes time in proportion to the square of their number.
 */
export function signPlaces(strokes: readonly Stroke[], clear: number): Point[] {
  const taken: Point[] = [];
  for (const stroke of strokes) {
    const free = (point: Point) => taken.every(({ x, y }) => Math.hypot(x - point.x, y - point.y) >= clear);
    taken.push(spots.map((spot) => stroke.at(spot)).find(free) ?? stroke.at(0.5));
  }
  return taken;
}

function text({ x, y }: Point): string {
  return `${Math.round(x)} ${Math.round(y)}`;
}
