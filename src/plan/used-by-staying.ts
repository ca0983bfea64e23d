import { isDeepStrictEqual } from 'node:util';
import type { Facts } from '../facts/fact.ts';
import { dropInFolder } from '../facts/ifupdown/ifupdown.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import type { LeftOver } from './left-over-types.ts';

/** With a bridge that stays, also what it needs: its members, and what brings it up at boot. */
export function usedByStaying(all: readonly LeftOver[], facts: Facts): LeftOver[] {
  const links = facts.find(interfacesFact) ?? [];
  const stay = all.filter(({ stays, certain }) => stays !== undefined && certain);
  const bridges = new Set(stay.flatMap(({ part }) => after('link ', part)));
  return all.map((one) => {
    if (one.removal === undefined || one.stays !== undefined) return one;
    const masters = after('OVS bridge ', one.part).map(
      (name) => links.find((link) => link.name === name)?.master ?? '',
    );
    const user = [...after(`file ${dropInFolder}/`, one.part), ...masters].find((name) => bridges.has(name));
    if (user !== undefined) return { ...one, stays: `${user} stays, and needs it` };
    // One step takes all tunnels of an overlay off a bridge.
    const other = stay.find(({ removal }) => isDeepStrictEqual(removal, one.removal));
    return other === undefined
      ? one
      : { ...one, stays: `${other.part} stays, and is removed by the same step` };
  });
}

/** What stands behind the prefix; nothing where the text doesn't begin with it. */
function after(prefix: string, text: string): string[] {
  return text.startsWith(prefix) ? [text.slice(prefix.length)] : [];
}
