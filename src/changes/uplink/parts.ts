import type { Facts } from '../../facts/fact.ts';
import { interfacesFact, isVolatileInterface } from '../../facts/interfaces.ts';
import { ovsFact } from '../../facts/ovs/ovs.ts';
import { entry } from '../../json/records.ts';
import { addressesOf } from '../address/parts.ts';
import type { Parts } from '../change.ts';
import type { UplinkChange } from './change.ts';

/** The bridge's member, and every address of interface and bridge: deleting a bridge removes its addresses. */
export function uplinkParts({ type, link, bridge }: UplinkChange, facts: Facts): Parts {
  const links = facts.get(interfacesFact);
  const ends = links.filter(({ name }) => name === link || name === bridge);
  const members =
    type === 'uplink'
      ? links.filter(({ master }) => master === bridge).map(({ name }) => name)
      : ports(bridge, facts);
  return {
    ...Object.fromEntries(
      members.filter((name) => !isVolatileInterface(name)).map((name) => [`${name} in ${bridge}`, 'there']),
    ),
    ...Object.assign({}, ...ends.map((end) => addressesOf(end))),
  };
}

function ports(bridge: string, facts: Facts): string[] {
  const rows = facts.get(ovsFact);
  const found = typeof rows === 'string' ? undefined : entry(rows.bridges, bridge);
  return Object.keys(found?.ports ?? {}).filter((name) => name !== bridge);
}
