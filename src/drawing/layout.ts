import { type Form, formOf } from './form.ts';
import { isThere, type Network } from './network.ts';

/** Where a host is drawn, and where its name goes. Units are those of the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** Direction away from the middle, in radians clockwise from the right; names are on that side. */
  readonly angle: number;
  /** If there is no room for all names, some are left out. */
  readonly named: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** By host, in the order of the network. */
  readonly places: readonly Place[];
  /** A few hosts are cards with their addresses; many are dots with names beside, around or below them. */
  readonly style: 'card' | 'beside' | 'around' | 'below';
  readonly card: { readonly width: number; readonly height: number };
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

const mostNames = 400;
/** With more hosts, cards would be too small to read on a screen. */
const mostCards = { circle: 6, tree: 6, row: 12 } as const;
const mostBeside = 24;

/**
 * Places hosts by the links after the run, so that the pictures before and after have the same layout; hosts
 * without links are in rows below. Pure; linear in hosts and links.
 */
export function layoutOf(network: Network): Layout {
  const { hosts } = network;
  const after = network.links.filter(({ states }) => states.some((state) => isThere(state, 'after')));
  const links = after.length > 0 ? after : network.links;
  const form = formOf(
    hosts.length,
    links.map(({ a, b }) => [a, b] as const),
  );
  const style = styleOf(form, hosts.length);
  const card = cardSize(network);
  const room =
    style === 'card' ? { x: card.width + 40, y: card.height + 36 } : { x: dotRoom(network), y: 58 };
  const main = style === 'card' || form.name === 'row' ? spread(form, room) : rings(form);
  const placed = new Map(main);
  const loose = hosts.flatMap((_, i) => (placed.has(i) ? [] : [i]));
  const bottom = Math.max(0, ...[...placed.values()].map(({ y }) => y)) + (placed.size > 0 ? room.y + 30 : 0);
  const left = Math.min(0, ...[...placed.values()].map(({ x }) => x));
  for (const [i, point] of grid(loose, room))
    placed.set(i, { ...point, x: point.x + left, y: point.y + bottom });
  return framed({ points: hosts.map((_, i) => placed.get(i) as Point), style, card, network });
}

function styleOf(form: Form, hosts: number): Layout['style'] {
  if (hosts <= mostCards[form.name]) return 'card';
  if (form.name === 'row') return 'below';
  return hosts <= mostBeside && form.name === 'circle' ? 'beside' : 'around';
}

function cardSize({ hosts }: Network): Layout['card'] {
  const name = longest(hosts.map((host) => host.name));
  const address = longest(hosts.flatMap((host) => host.memberships.map(({ fixedCidr }) => fixedCidr)));
  const lines = Math.max(0, ...hosts.map(({ memberships }) => Math.min(memberships.length, mostMemberships)));
  return {
    width: Math.round(Math.min(300, Math.max(170, name * 8.6 + 56, address * 7.3 + 102))),
    height: 58 + lines * 35,
  };
}

function longest(texts: readonly string[]): number {
  return texts.reduce((length, text) => Math.max(length, text.length), 0);
}

/** A card shows at most this many overlays. */
export const mostMemberships = 3;

function dotRoom({ hosts }: Network): number {
  return Math.min(140, Math.max(46, longest(hosts.map(({ name }) => name)) * 7.6 + 10));
}

/** Cards and rows, with equal room on each side. */
function spread(form: Form, room: { x: number; y: number }): Map<number, Point> {
  if (form.name === 'row') return grid(form.order, room);
  const order = form.name === 'circle' ? form.order : [...form.children.values()].flat();
  // Neighbours on an ellipse don't overlap if it is this much larger.
  const scale = (Math.SQRT2 * order.length) / (2 * Math.PI);
  const rx = Math.max(room.x * scale, form.name === 'tree' ? room.x * 1.15 : room.x * 0.62);
  const ry = Math.max(room.y * scale, form.name === 'tree' ? room.y * 1.15 : room.y * 0.8);
  const points = new Map(
    order.map((host, i) => {
      const angle = turn(i / order.length);
      return [host, { x: rx * Math.cos(angle), y: ry * Math.sin(angle), angle }];
    }),
  );
  if (form.name === 'tree') points.set(form.root, { x: 0, y: 0, angle: Math.PI / 2 });
  return points;
}

/** Rows in alternating direction, so that linked hosts stay near each other. */
function grid(order: readonly number[], room: { x: number; y: number }): Map<number, Point> {
  const columns =
    order.length <= 3 ? order.length : Math.ceil(Math.sqrt((order.length * 1.6 * room.y) / room.x));
  return new Map(
    order.map((host, i) => {
      const row = Math.floor(i / columns);
      const column = row % 2 === 0 ? i % columns : columns - 1 - (i % columns);
      return [host, { x: column * room.x, y: row * room.y, angle: Math.PI / 2 }];
    }),
  );
}

/** Dots on one ring, or one ring for each level of a tree, with room for every name. */
function rings(form: Exclude<Form, { name: 'row' }>): Map<number, Point> {
  if (form.name === 'circle') return ring(form.order, radiusFor(form.order.length));
  const order = [form.root];
  for (const host of order) order.push(...(form.children.get(host) ?? []));
  const leaves = new Map<number, number>();
  for (const host of [...order].reverse()) {
    const own = form.children.get(host) ?? [];
    leaves.set(host, own.length === 0 ? 1 : own.reduce((sum, child) => sum + (leaves.get(child) ?? 0), 0));
  }
  const total = leaves.get(form.root) ?? 1;
  const depth = new Map([[form.root, 0]]);
  const from = new Map([[form.root, 0]]);
  for (const host of order) {
    let start = from.get(host) ?? 0;
    for (const child of form.children.get(host) ?? []) {
      depth.set(child, (depth.get(host) ?? 0) + 1);
      from.set(child, start);
      start += leaves.get(child) ?? 0;
    }
  }
  const deepest = Math.max(...depth.values());
  const gap = Math.max(70, radiusFor(total) / deepest);
  return new Map(
    order.map((host) => {
      const angle = turn(((from.get(host) ?? 0) + (leaves.get(host) ?? 1) / 2 - 0.5) / total);
      const radius = gap * (depth.get(host) ?? 0);
      // The middle has no direction; a horizontal name reads best.
      const away = radius === 0 ? 0 : angle;
      return [host, { x: radius * Math.cos(angle), y: radius * Math.sin(angle), angle: away }];
    }),
  );
}

function ring(order: readonly number[], radius: number): Map<number, Point> {
  return new Map(
    order.map((host, i) => {
      const angle = turn(i / order.length);
      return [host, { x: radius * Math.cos(angle), y: radius * Math.sin(angle), angle }];
    }),
  );
}

function radiusFor(names: number): number {
  return Math.max(240, (Math.min(names, mostNames) * 17) / (2 * Math.PI));
}

/** A fraction of a full turn, from the top, clockwise. */
function turn(part: number): number {
  return (part - 0.25) * 2 * Math.PI;
}

interface Unframed extends Pick<Layout, 'style' | 'card'> {
  readonly points: readonly Point[];
  readonly network: Network;
}

/** Moves everything into a picture that begins at 0, 0, with room for names at the edges. */
function framed({ points, style, card, network }: Unframed): Layout {
  const name = longest(network.hosts.map((host) => host.name)) * 7.8 + 26;
  const margin = {
    card: { x: card.width / 2 + 16, y: card.height / 2 + 16 },
    beside: { x: Math.max(name, 120), y: 46 },
    around: { x: name, y: name },
    below: { x: Math.max(40, name / 2), y: 40 },
  }[style];
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right] = ends(xs);
  const [top, bottom] = ends(ys);
  const every = Math.ceil(points.length / mostNames);
  return {
    width: Math.round(right - left + 2 * margin.x),
    height: Math.round(bottom - top + 2 * margin.y),
    places: points.map(({ x, y, angle }, i) => ({
      x: round(x - left + margin.x),
      y: round(y - top + margin.y),
      angle: Math.round(angle * 1e4) / 1e4,
      named: i % every === 0,
    })),
    style,
    card,
  };
}

function ends(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [
    values[0] ?? 0,
    values[0] ?? 0,
  ] as [number, number]);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
