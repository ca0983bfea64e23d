import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { DisjointSets, isWithin, type Link, parts } from './graph.ts';
import type { HostOverlay, Joint } from './types.ts';
import { rstpReach } from './wiring.ts';

/** A joint on a host, with the overlay that it names. */
export interface PlacedJoint extends Joint {
  readonly host: string;
  /** As the host sees it; absent where the joint names none, or one that the host isn't in. */
  readonly seen?: HostOverlay;
  readonly at: SourceRange;
}

/** What joins points to one network. */
interface Edge {
  readonly points: readonly number[];
  /** Bridges with RSTP at both ends, which tell each other of their root over it. */
  readonly governed: boolean;
  /** And it belongs to an overlay that has RSTP itself, whose ports start closed: only there RSTP prevents a loop. */
  readonly closable: boolean;
  /** For messages: `overlay 'lab'`, `bridge 'newbridge'`. */
  readonly what: string;
  readonly at: SourceRange;
}

/**
 * Loops that overlays make together because they share bridges; each by itself is sound. What isn't among the joints is
 * as if it weren't there, so where hosts are left out, less is found.
 *
 * A bridge on a host is a point. A link of an overlay joins two points, a full mesh (whose ports don't forward to each
 * other) all of its own at once, and a bridge is joined with its members. Nothing may join points that are joined
 * already, but links of overlays that have RSTP.
 */
export function checkBridges(joints: readonly PlacedJoint[]): Diagnostic[] {
  const points = new Points();
  const edges = edgesOf(joints, points);
  const of = (wanted: boolean) => edges.filter(({ closable }) => closable === wanted);
  return [
    ...tooWide(
      edges.filter(({ governed }) => governed),
      points,
    ),
    ...loops([...of(true), ...of(false)], points),
  ];
}

function loops(edges: readonly Edge[], points: Points): Diagnostic[] {
  const sets = new DisjointSets(points.size);
  const found = new Map<string, Diagnostic>();
  for (const [i, edge] of edges.entries()) {
    const [first = 0, ...others] = edge.points;
    for (const point of others) {
      if (sets.join(first, point) || edge.closable || found.has(edge.what)) continue;
      const area = sets.root(first);
      const by = edges.slice(0, i).filter(({ points: [end = 0] }) => sets.root(end) === area);
      found.set(edge.what, loop(edge, [first, point], new Set(by.map(({ what }) => what)), points));
    }
  }
  return [...found.values()];
}

/** What RSTP has no say in. */
const open = { governed: false, closable: false };

/** The bridges of members first, then links, then meshes: the one that is blamed is the one with the most to it. */
function edgesOf(joints: readonly PlacedJoint[], points: Points): Edge[] {
  const members = new Map<number, Edge>();
  const placed = new Map<string, Map<string, { point: number; joint: PlacedJoint; seen: HostOverlay }>>();
  const withRstp = new Set<number>();
  for (const joint of joints) {
    const { host, bridge, overlay, seen, at } = joint;
    const point = points.of(host, bridge);
    for (const member of joint.members ?? []) {
      const end = points.of(host, member);
      // Two steps may say the same of one bridge; an interface is a member of one.
      if (!members.has(end))
        members.set(end, { points: [point, end], ...open, what: `bridge '${bridge}'`, at });
    }
    if (overlay === undefined || seen === undefined) continue;
    if (seen.protection === 'rstp') withRstp.add(point);
    const own = placed.get(overlay) ?? new Map();
    if (!own.has(host)) own.set(host, { point, joint, seen });
    placed.set(overlay, own);
  }
  const links: Edge[] = [];
  const meshes: Edge[] = [];
  for (const [name, own] of placed) {
    const what = `overlay '${name}'`;
    const [first] = own.values();
    if (first?.seen.protection === 'protected') {
      const all = [...own.values()].map(({ point }) => point);
      meshes.push({ points: all, ...open, what, at: first.joint.at });
      continue;
    }
    for (const [host, { point, joint, seen }] of own) {
      for (const { host: peer } of seen.peers) {
        const end = own.get(peer);
        if (end === undefined || peer < host) continue;
        const governed = withRstp.has(point) && withRstp.has(end.point);
        const closable = seen.protection === 'rstp';
        links.push({ points: [point, end.point], governed, closable, what, at: joint.at });
      }
    }
  }
  return [...members.values(), ...links, ...meshes];
}

/** A single overlay is within RSTP's reach; several that share bridges are one network to it. */
function tooWide(governed: readonly Edge[], points: Points): Diagnostic[] {
  if (governed.length === 0) return [];
  const links = governed.map(({ points: [a = 0, b = 0] }): Link => [a, b]);
  const areas = parts(points.size, links).filter((area) => area.length > 1);
  return areas.flatMap((area) => {
    const place = new Map(area.map((point, i) => [point, i]));
    const own = governed.filter(({ points: [a = 0] }) => place.has(a));
    const overlays = [...new Set(own.map(({ what }) => what))];
    const inside = own.map(({ points: [a = 0, b = 0] }): Link => [place.get(a) ?? 0, place.get(b) ?? 0]);
    const last = own.at(-1);
    if (last === undefined || overlays.length < 2 || isWithin(rstpReach, area.length, inside)) return [];
    return [
      {
        severity: 'error',
        code: 'rstp-too-wide',
        message: `${overlays.join(' and ')} share bridges and together have hosts more than ${rstpReach} links apart, over which RSTP can't protect them`,
        range: last.at,
        hint: apart,
      },
    ];
  });
}

const apart = 'give each overlay its own bridges, or make one overlay with the links you want';

function loop(
  { what, at }: Edge,
  [a, b]: readonly [number, number],
  by: ReadonlySet<string>,
  points: Points,
): Diagnostic {
  const others = [...by].filter((name) => name !== what);
  const already = others.length === 0 ? '' : `, by ${others.slice(0, 3).join(' and ')}`;
  return {
    severity: 'error',
    code: 'bridge-loop',
    message: `${what} makes a loop: it joins ${points.name(a)} and ${points.name(b)}, which are joined already${already}`,
    range: at,
    hint: apart,
  };
}

/** Bridges on hosts, numbered. */
class Points {
  readonly #names: (readonly [host: string, bridge: string])[] = [];
  readonly #numbers = new Map<string, Map<string, number>>();

  get size(): number {
    return this.#names.length;
  }

  of(host: string, bridge: string): number {
    let own = this.#numbers.get(host);
    if (own === undefined) {
      own = new Map();
      this.#numbers.set(host, own);
    }
    let number = own.get(bridge);
    if (number === undefined) {
      number = this.#names.push([host, bridge]) - 1;
      own.set(bridge, number);
    }
    return number;
  }

  name(point: number): string {
    const [host, bridge] = this.#names[point] as readonly [string, string];
    return `${bridge} on '${host}'`;
  }
}
