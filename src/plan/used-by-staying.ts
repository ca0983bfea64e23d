import { isDeepStrictEqual } from 'node:util';
import type { ChangeBase } from '../changes/change.ts';
import { recheckOf } from '../changes/registry.ts';
import { linuxBridge, type Trace } from '../changes/trace.ts';
import type { Facts } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import type { LeftOver } from './left-over-types.ts';

/** With the change that made it. */
export interface JudgedLeftOver extends LeftOver {
  readonly trace: Trace;
  readonly change: ChangeBase;
}

/** With a bridge that stays, what it needs stays: its members, and what brings it up at boot. */
export function usedByStaying(all: readonly JudgedLeftOver[], facts: Facts): JudgedLeftOver[] {
  const links = facts.find(interfacesFact) ?? [];
  const stay = all.filter(({ stays, certain }) => stays !== undefined && certain);
  const bridges = new Set(stay.flatMap(({ trace }) => linuxBridge(trace) ?? []));
  return all.map((one) => {
    if (one.removal === undefined || one.stays !== undefined) return one;
    const { thing } = one.trace;
    const master =
      thing.is === 'ovs-bridge' ? links.find(({ name }) => name === thing.name)?.master : undefined;
    const user = [...broughtUpBy(one.change), master ?? ''].find((name) => bridges.has(name));
    if (user !== undefined) return { ...one, stays: `${user} stays, and needs it` };
    // One step removes all tunnels of an overlay from a bridge.
    const other = stay.find(({ removal }) => isDeepStrictEqual(removal, one.removal));
    return other === undefined
      ? one
      : { ...one, stays: `${other.part} stays, and is removed by the same step` };
  });
}

/** The links that come up at boot because of a change. */
function broughtUpBy(change: ChangeBase): string[] {
  const made = recheckOf(change)?.makes?.(change) ?? [];
  return made.flatMap((thing) => (thing.is === 'boot' ? [thing.of] : []));
}
