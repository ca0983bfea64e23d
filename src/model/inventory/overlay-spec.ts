import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { tidy } from '../../json/records.ts';
import type { Locate } from '../../source/locate.ts';
import { loseKey, loseNames } from '../schema/draft.ts';
import { asMapping, type Mapping } from '../schema/raw-inventory.ts';
import { validateSchema } from '../schema/schema.ts';
import type { OverlayShape, OverlaySpec, TunnelType } from '../types.ts';
import { largestKey, overlaysSchema } from './overlay-schema.ts';

interface RawOverlay {
  readonly cidr: string;
  readonly tunnel: TunnelType;
  readonly shape?: OverlayShape;
  readonly hub?: string;
  readonly links?: readonly (readonly [string, string])[];
  readonly subnet_prefix: number;
  readonly key?: number;
  readonly dst_port?: number;
  readonly underlay_mtu?: number;
  readonly bridge_range?: string;
  readonly hosts?: string;
}

/**
 * The `overlays` at the top of a document, validated as far as possible without hosts. The value has the valid ones;
 * the names of the others are added to `lost`.
 */
export function readOverlays(
  raw: unknown,
  locate: Locate,
  lost: Set<string>,
): { value: ReadonlyMap<string, OverlaySpec>; diagnostics: readonly Diagnostic[] } {
  const diagnostics = validateSchema(overlaysSchema, raw ?? null, locate, ['overlays']);
  const allRight = diagnostics.length === 0;
  const overlays = new Map<string, OverlaySpec>();
  if (asMapping(raw) !== raw) loseNames(raw, lost);
  for (const [name, overlay] of Object.entries(asMapping(raw))) {
    const at: OverlaySpec['at'] = (key, ...path) =>
      key === undefined ? locate(['overlays', name], 'key') : locate(['overlays', name, key, ...path]);
    const problem = keyProblem(asMapping(overlay));
    if (problem !== undefined)
      diagnostics.push({ severity: 'error', code: 'key-out-of-range', message: problem, range: at('key') });
    const right =
      problem === undefined &&
      (allRight || validateSchema(overlaysSchema, { [name]: overlay }, locate).length === 0);
    if (right) overlays.set(name, toSpec(name, overlay as RawOverlay, at));
    else loseKey(name, lost);
  }
  return { value: overlays, diagnostics };
}

function keyProblem({ key, tunnel }: Mapping): string | undefined {
  if (typeof key !== 'number' || key > largestKey.gre) return undefined;
  const largest = largestKey[tunnel as TunnelType] ?? key;
  return key > largest ? `key: ${key} is too large for ${tunnel}: at most ${largest}` : undefined;
}

function toSpec(name: string, raw: RawOverlay, at: OverlaySpec['at']): OverlaySpec {
  return tidy({
    name,
    cidr: raw.cidr,
    tunnel: raw.tunnel,
    shape: shapeOf(raw),
    hub: raw.hub,
    links: raw.links,
    subnetPrefix: raw.subnet_prefix,
    key: raw.key,
    dstPort: raw.dst_port,
    underlayMtu: raw.underlay_mtu ?? 1500,
    bridgeRange: raw.bridge_range,
    hosts: raw.hosts,
    at,
  });
}

/** `hub` and `links` imply the shape. */
function shapeOf({ shape, hub, links }: RawOverlay): OverlayShape {
  return shape ?? (hub !== undefined ? 'hub' : links !== undefined ? 'links' : 'full_mesh');
}
