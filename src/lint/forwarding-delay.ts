import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import type { LintedHost } from './linted-host.ts';
import { live, placeOf, thingsDescribed } from './things.ts';

/**
 * By bridge with STP, the members that will not forward at first: those that join, or all if the bridge comes
 * up. A kernel bridge port listens and then learns, for one forward delay each: 15 s by default (IEEE 802.1D,
 * `ip -d link` measured on 6.1). Pure.
 */
export function newStpMembers(facts: Facts, predicted: Facts): ReadonlyMap<string, readonly string[]> {
  const [before, after] = [facts.find(interfacesFact), predicted.find(interfacesFact)];
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

/** Bridges with STP that get members, which forward nothing for a while and give no reason. */
export function forwardingDelayLints(host: LintedHost): Diagnostic[] {
  const waiting = newStpMembers(host.facts, host.predicted);
  return thingsDescribed(host, 'link')
    .filter(live)
    .flatMap((said) => {
      const { name, members: own } = said.thing;
      const members = waiting.get(name)?.filter((member) => own?.includes(member)) ?? [];
      if (members.length === 0) return [];
      return [
        warning(
          'forwarding-delay',
          `${name} speaks STP: nothing passes its new ${members.length === 1 ? 'member' : 'members'} ${members.join(', ')} for some 30 s`,
          placeOf(said, 'members'),
          'checks of the run wait for it; stp: false turns STP off, where nothing but this bridge joins its members',
        ),
      ];
    });
}
