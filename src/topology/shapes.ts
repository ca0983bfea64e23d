import type { OverlaySpec } from '../model/types.ts';
import type { Link } from './graph.ts';

/** How an overlay's members are wired. */
export interface Shape {
  /** Every link once, in no order that means anything. */
  readonly links: (members: number) => Iterable<Link>;
  /**
   * Whether frames that came in by a tunnel may not leave by another (split horizon). It breaks
   * every cycle, and needs a complete graph, as nobody passes frames on.
   */
  readonly protectedPorts: boolean;
}

/**
 * Three hosts already are a loop, so a full mesh protects its ports. It does so with two hosts as
 * well: there it changes nothing, and the third host then changes no port that is in use.
 */
const fullMesh: Shape = {
  *links(members) {
    for (let a = 0; a < members; a++) for (let b = a + 1; b < members; b++) yield [a, b];
  },
  protectedPorts: true,
};

export const shapes: { readonly [name in OverlaySpec['shape']]: Shape } = { full_mesh: fullMesh };
