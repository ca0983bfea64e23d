import type { LinkState } from './ends.ts';
import type { Layout, Place } from './layout.ts';
import { isThere, type Network, type NetworkLink } from './network.ts';

/** A link, or its half at one end, as a path. */
export interface Stroke {
  readonly link: NetworkLink;
  readonly state: LinkState;
  readonly path: string;
  /** The point at this fraction of its length, 0 to 1, where a sign may stand. */
  at(part: number): Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Distance between links of different overlays between the same two hosts. */
const apart = 26;

/**
 * The strokes of the links: one stroke if both ends have the same state, otherwise a half for each end that
 * exists. Links of different overlays between the same two hosts curve apart.
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

/**
 * A part of a quadratic curve between two places that is `bend` away from the straight line at its middle.
 */
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

/** The middle first, then further out. */
const spots = [0.5, 0.38, 0.62, 0.3, 0.7, 0.45, 0.55];

/**
 * A point for a sign on each stroke, away from earlier signs if one of a few spots allows it: otherwise the
 * signs of crossing strokes would coincide. Quadratic in the number of strokes.
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
