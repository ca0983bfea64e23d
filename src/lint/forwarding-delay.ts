import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { known } from './known.ts';
import type { HostToLint } from './lint-fleet.ts';
import { type BridgeParams, usesOf } from './use.ts';

/**
 * By bridge that speaks STP, the members through which nothing passes at first: those that join it, and all of one that
 * goes up. A port of the kernel's listens, and then learns, for the bridge's forward delay each: 15 s unless somebody
 * has set it (IEEE 802.1D, `ip -d link` measured on 6.1). Pure.
 */
export function newStpMembers(facts: Facts, predicted: Facts): ReadonlyMap<string, readonly string[]> {
  const [before, after] = [known(facts, interfacesFact), known(predicted, interfacesFact)];
  if (before === undefined || after === undefined) return new Map();
  const isUp = (links: typeof before, link: string | undefined) =>
    links.some(({ name, up }) => name === link && up);
  const bridges = after.filter(({ stp, up }) => stp && up);
  return new Map(
    bridges.flatMap(({ name: bridge }): [string, string[]][] => {
      const passed = isUp(before, bridge)
        ? before.flatMap(({ name, master, up }) => (master === bridge && up ? name : []))
        : [];
      const members = after.flatMap(({ name, master, up }) =>
        master === bridge && up && !passed.includes(name) ? name : [],
      );
      return members.length === 0 ? [] : [[bridge, members]];
    }),
  );
}

/** Bridges that speak STP and get members: nothing passes these for a while, and nothing says why. */
export function forwardingDelayLints({ resolved, facts, predicted }: HostToLint): Diagnostic[] {
  const waiting = newStpMembers(facts, predicted);
  return usesOf<BridgeParams>(resolved, 'linux_bridge').flatMap(({ params, at }) => {
    const members = waiting.get(params.name)?.filter((member) => params.members?.includes(member)) ?? [];
    if (members.length === 0) return [];
    return [
      warning(
        'forwarding-delay',
        `${params.name} speaks STP: nothing passes its new ${members.length === 1 ? 'member' : 'members'} ${members.join(', ')} for some 30 s`,
        at('members'),
        'checks of the run wait for it; stp: false turns STP off, where nothing but this bridge joins its members',
      ),
    ];
  });
}
