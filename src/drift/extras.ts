import type { Facts } from '../facts/fact.ts';
import { bridgeTag, overlayTag, peerTag } from '../facts/ovs-tags.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { bridgesOf, type Owner, ownerOf, type StandingRun } from './owner.ts';

/** Something of meshbook's that no step of the playbook names for this host any more. */
export interface LeftOver {
  readonly part: string;
  /** What it is, in a few words. */
  readonly detail: string;
  readonly owner: Owner;
  /** Whether a run of this very playbook made it; else it may well be another playbook's. */
  readonly certain: boolean;
}

/** Something of somebody else's in what a step of the playbook makes. */
export interface Foreign {
  readonly part: string;
  readonly detail: string;
}

export interface Extras {
  readonly leftOver: readonly LeftOver[];
  readonly foreign: readonly Foreign[];
}

/**
 * What a host has beyond the playbook: bridges and ports that bear meshbook's mark and that no step names, and ports
 * without it in bridges that a step makes. `host` must have all steps of the playbook that apply to it. Pure.
 *
 * @param playbook Its absolute path, as records of runs have it.
 */
export function extrasOf(
  host: ResolvedHost,
  facts: Facts,
  runs: readonly StandingRun[],
  playbook: string,
): Extras {
  const named = host.steps.map(({ params }) => new Set(textsIn(params)));
  const isNamed = (...names: readonly string[]) =>
    named.some((texts) => names.every((name) => texts.has(name)));
  const leftOver: LeftOver[] = [];
  const foreign: Foreign[] = [];
  const leave = (part: string, detail: string) => {
    const owner = ownerOf(part, runs, facts);
    leftOver.push({ part, detail, owner, certain: owner.by === 'run' && owner.playbook === playbook });
  };
  for (const [bridge, { externalIds = {}, ports }] of byName(bridgesOf(facts))) {
    const kind = externalIds[bridgeTag];
    if (kind !== undefined && !isNamed(bridge)) leave(`OVS bridge ${bridge}`, `of kind ${kind}`);
    for (const [port, { type, externalIds: tags = {} }] of byName(ports)) {
      const overlay = tags[overlayTag];
      if (overlay === undefined) {
        if (port === bridge || !isNamed(bridge) || isNamed(port)) continue;
        foreign.push({ part: `OVS port ${port}`, detail: `${type ?? 'a device'} on ${bridge}` });
      } else if (!isNamed(bridge, overlay)) {
        leave(`OVS port ${port}`, `on ${bridge}, of overlay ${overlay}, to ${tags[peerTag] ?? 'nobody'}`);
      }
    }
  }
  return { leftOver, foreign };
}

/** Open vSwitch lists its rows in no order. */
function byName<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Every text in a step's params, at any depth: what it could name. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
