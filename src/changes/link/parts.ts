import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesIn, isVolatileInterface } from '../../facts/interfaces.ts';
import { addressesOf } from '../address/parts.ts';
import type { Part, Parts } from '../change.ts';
import { partIn } from '../namespace.ts';
import type { LinkChange, LinkSettings } from './change.ts';
import type { Peer } from './kinds.ts';

/**
 * What a link change sets. Of a link that is made, also all that goes with it when it is deleted again: its
 * addresses, its members but for containers' veths, which Docker makes anew, and its other end.
 */
export function linkParts(
  { link: name, in: container, before, after }: LinkChange,
  peer: Peer | undefined,
  facts: Facts,
): Parts {
  const links = facts.get(interfacesIn(container));
  const link = links.find((one) => one.name === name);
  if (link === undefined) return {};
  const set = settingsOf(link);
  const keys = [
    ...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]),
  ] as (keyof LinkSettings)[];
  if (before !== null && after !== null) {
    const changed = keys.filter((key) => before[key] !== after[key]);
    return named(partIn(container, `link ${name}`), changed, set);
  }
  const members = links.filter(({ name: other, master }) => master === name && !isVolatileInterface(other));
  return {
    [`link ${name}`]: 'there',
    ...named(`link ${name}`, keys, set),
    ...addressesOf(link),
    ...(peer === undefined ? {} : peerParts(name, peer, facts)),
    ...Object.fromEntries(members.map((member) => [`link ${member.name} master`, name])),
  };
}

/** The part of a container's interface that goes with this one; undefined: it isn't such a part. */
export function otherEndPart(part: string, value: Part): string | undefined {
  return /^container \S+ link \S+$/.test(part) && typeof value === 'string' ? `link ${value}` : undefined;
}

function peerParts(otherEnd: string, { name, in: container }: Peer, facts: Facts): Parts {
  const end = facts.get(interfacesIn(container)).find((one) => one.name === name);
  return end === undefined
    ? {}
    : {
        [partIn(container, `link ${name}`)]: otherEnd,
        [partIn(container, `link ${name} up`)]: end.up ? 'yes' : 'no',
        ...addressesOf(end, container),
      };
}

function named(
  part: string,
  keys: readonly (keyof LinkSettings)[],
  set: Record<keyof LinkSettings, Part>,
): Parts {
  return Object.fromEntries(keys.map((key) => [`${part} ${key}`, set[key]]));
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
