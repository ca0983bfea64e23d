import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import { DisjointSets, isWithin, type Link, parts } from './graph.ts';
import { rstpReach } from './wiring.ts';

/** A connection that a step makes on its host: a bridge with the tunnels of an overlay, or with members. */
export interface Joint {
  readonly bridge: string;
  readonly overlay?: string;
  readonly members?: readonly string[];
}

/** A joint on a host, with its overlay. */
export interface PlacedJoint extends Joint {
  readonly host: string;
  /** As the host sees it; undefined if the joint names no overlay, or one without this host. */
  readonly seen?: HostOverlay;
  readonly at: SourceRange;
}

/** A connection between two points of one network. */
interface Edge {
  readonly points: readonly number[];
  /** Both ends are bridges with RSTP, which exchange BPDUs over it. */
  readonly governed: boolean;
  /**
   * It also belongs to an overlay with RSTP, whose ports start in discarding state: only there does RSTP prevent a
   * loop.
   */
  readonly closable: boolean;
  /** For messages: `overlay 'lab'`, `bridge 'newbridge'`. */
  readonly what: string;
  readonly at: SourceRange;
}

/**
 * Loops that overlays form together because they share bridges; each is free of loops by itself. Only the given joints
 * count, so with hosts left out, fewer loops are found.
 *
 * A bridge on a host is a point. A link of an overlay connects two points, a full mesh (whose ports don't forward to
 * each other) all its points at once, and a bridge is connected to its members. Only links of overlays with RSTP may
 * connect points that are already connected.
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

/** Connections without RSTP. */
const open = { governed: false, closable: false };

/**
 * Bridge members first, then links, then meshes: the last one that closes a loop is reported, and it should be the one
 * with the most context.
 */
function edgesOf(joints: readonly PlacedJoint[], points: Points): Edge[] {
  const members = new Map<number, Edge>();
  const placed = new Map<string, Map<string, { point: number; joint: PlacedJoint; seen: HostOverlay }>>();
  const withRstp = new Set<number>();
  for (const joint of joints) {
    const { host, bridge, overlay, seen, at } = joint;
    const point = points.of(host, bridge);
    for (const member of joint.members ?? []) {
      const end = points.of(host, member);
      // Two steps may describe the same bridge; an interface has one master.
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

/** A single overlay is within RSTP's reach; several that share bridges are one network for it. */
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
