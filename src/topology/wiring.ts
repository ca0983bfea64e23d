import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { naturalOrder } from '../ipam/natural-order.ts';
import type { Protection } from '../model/host-overlay.ts';
import type { Host, OverlaySpec } from '../model/types.ts';
import { hasCycle, isWithin, type Link } from './graph.ts';
import { readPairs, whoAreMembers } from './pairs.ts';
import { chain, fullMesh, ring, star } from './shapes.ts';

/** How an overlay's members are linked, and what prevents loops. */
export interface Wiring {
  /** The members' names, in natural order. */
  readonly names: readonly string[];
  /** Every link once, by indexes of names. Can be iterated several times. */
  readonly links: Iterable<Link>;
  readonly protection: Protection;
}

/**
 * The maximum number of hops to RSTP's root. A port stays blocked only while it receives BPDUs from a root at most 19
 * hops away: IEEE 802.1D-2004, 17.14 and 17.21.23, with the default Max Age of 20.
 */
export const rstpReach = 19;

/** Half of it is on each side of the root. */
const longestRing = 2 * rstpReach + 1;

/**
 * Links an overlay's members by its shape. The graph is connected, and has no cycles or is protected from them. A
 * chain and a ring follow the order of the members, which is the inventory's.
 *
 * A full mesh of two hosts also protects its ports, and a ring of two also has RSTP: it makes no difference there, and
 * a third host then changes no port in use.
 */
export function wire(spec: OverlaySpec, members: readonly Pick<Host, 'name'>[]): Checked<Wiring> {
  const names = naturalOrder(members.map(({ name }) => name));
  const places = new Map(names.map((name, i) => [name, i]));
  const order = members.map(({ name }) => places.get(name) as number);
  const wired = (links: Iterable<Link>, protection: Protection): Checked<Wiring> => ({
    value: { names, links, protection },
    diagnostics: [],
  });
  if (names.length === 0) return wired([], 'none');
  switch (spec.shape) {
    case 'full_mesh':
      return wired(fullMesh(names.length), 'protected');
    case 'chain':
      return wired(chain(order), 'none');
    case 'ring':
      return names.length > longestRing
        ? { diagnostics: [tooWide(spec, names)] }
        : wired(ring(order), 'rstp');
    case 'hub': {
      const hub = places.get(spec.hub ?? '');
      return hub === undefined
        ? { diagnostics: [hubElsewhere(spec, names)] }
        : wired(star(names.length, hub), 'none');
    }
    case 'links': {
      const { value: links, diagnostics } = readPairs(spec, names, places);
      if (links === undefined) return { diagnostics };
      if (!hasCycle(names.length, links)) return wired(links, 'none');
      return isWithin(rstpReach, names.length, links)
        ? wired(links, 'rstp')
        : { diagnostics: [tooWide(spec, names)] };
    }
  }
}

function hubElsewhere(spec: OverlaySpec, names: readonly string[]): Diagnostic {
  const hub = spec.hub ?? '';
  return {
    severity: 'error',
    code: 'hub-not-member',
    message: `'${hub}', the hub of overlay '${spec.name}', is not one of its hosts`,
    range: spec.at('hub'),
    hint: didYouMean(hub, names) ?? whoAreMembers,
  };
}

function tooWide(spec: OverlaySpec, names: readonly string[]): Diagnostic {
  const isRing = spec.shape === 'ring';
  return {
    severity: 'error',
    code: 'rstp-too-wide',
    message: `overlay '${spec.name}' has a cycle and hosts more than ${rstpReach} links apart, over which RSTP can't protect it`,
    range: spec.at(isRing ? 'shape' : 'links'),
    hint: isRing
      ? `a ring has at most ${longestRing} hosts, and this one ${names.length}; a chain may have more`
      : 'add links that are shortcuts, or take away those that close the cycles',
  };
}
