import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact, isVolatileInterface } from '../../facts/interfaces.ts';
import { addressesOf } from '../address/parts.ts';
import type { Part, Parts } from '../change.ts';
import type { LinkChange, LinkSettings } from './change.ts';

/**
 * What a link change sets. Of a link that is made, also all that goes with it when it is deleted again: its
 * addresses, and its members but for containers' veths, which Docker makes anew.
 */
export function linkParts({ link: name, before, after }: LinkChange, facts: Facts): Parts {
  const links = facts.get(interfacesFact);
  const link = links.find((one) => one.name === name);
  if (link === undefined) return {};
  const set = settingsOf(link);
  const keys = [
    ...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]),
  ] as (keyof LinkSettings)[];
  if (before !== null && after !== null) {
    const changed = keys.filter((key) => before[key] !== after[key]);
    return named(name, changed, set);
  }
  const members = links.filter(({ name: other, master }) => master === name && !isVolatileInterface(other));
  return {
    [`link ${name}`]: 'there',
    ...named(name, keys, set),
    ...addressesOf(link),
    ...Object.fromEntries(members.map((member) => [`link ${member.name} master`, name])),
  };
}

function named(
  link: string,
  keys: readonly (keyof LinkSettings)[],
  set: Record<keyof LinkSettings, Part>,
): Parts {
  return Object.fromEntries(keys.map((key) => [`link ${link} ${key}`, set[key]]));
}

function settingsOf({ mac, mtu, stp, master, up }: Interface): Record<keyof LinkSettings, Part> {
  return {
    mac: mac ?? null,
    mtu: String(mtu),
    stp: stp ? 'on' : 'off',
    master: master ?? null,
    up: up ? 'yes' : 'no',
  };
}
