import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { isLinkLocal } from './interfaces.ts';
import { tidy } from './records.ts';
import { argument, integer, list, recordOf, type Schema } from './schema.ts';

/** An address of an interface with all that `ip address` can set of it (ip-address(8)); defaults are left out. */
export interface LinkAddress {
  /** With its prefix length, which is the peer's where there is one. */
  readonly address: string;
  readonly peer?: string;
  readonly broadcast?: string;
  readonly scope?: string;
  /** What follows the interface's name in its label: `1` of `eth0:1`. */
  readonly alias?: string;
  readonly metric?: number;
  readonly noPrefixRoute?: true;
  /** Not used for new connections. */
  readonly deprecated?: true;
  /** It has an end: from DHCP or a router advertisement. */
  readonly lent?: true;
  /** A label of any other form than the interface's name or `eth0:1`. */
  readonly label?: string;
}

/** What iproute2 prints, as far as it is read here. */
interface Printed {
  readonly family: string;
  readonly local?: string;
  readonly address?: string;
  readonly prefixlen: number;
  readonly broadcast?: string;
  readonly scope?: string;
  readonly label?: string;
  readonly metric?: number;
  readonly noprefixroute?: boolean;
  readonly dynamic?: boolean;
  readonly temporary?: boolean;
  readonly valid_life_time?: number;
  readonly preferred_life_time?: number;
}

/** The kernel's "for ever". */
const forever = 4294967295;

const yes = { const: true };
export const linkAddressSchema: Schema = recordOf<LinkAddress>(
  { address: argument },
  {
    peer: argument,
    broadcast: argument,
    scope: argument,
    alias: argument,
    metric: integer,
    noPrefixRoute: yes,
    deprecated: yes,
    lent: yes,
    label: argument,
  },
);

/** An interface's addresses, except for IPv6 link-local ones; of one that isn't there, none. */
const family: FactFamily<readonly LinkAddress[]> = {
  name: 'link_addresses',
  command: 'ip -j address show',
  schema: list(linkAddressSchema),
  query: () => raw('ip -j address show'),
  parse: (output, names) => {
    const links = JSON.parse(output) as { readonly ifname?: string; readonly addr_info?: Printed[] }[];
    return new Map(
      names.map((name) => {
        const printed = links.find(({ ifname }) => ifname === name)?.addr_info ?? [];
        return [name, printed.map((one) => addressOf(name, one)).filter((a) => !isLinkLocal(a.address))];
      }),
    );
  },
  canonical: (value) => value.map((address) => ({ ...address })),
};

export function linkAddressesFact(link: string): FactQuery<readonly LinkAddress[]> {
  return { family, key: link };
}

function addressOf(link: string, printed: Printed): LinkAddress {
  const { local = '', address: peer, prefixlen, label, broadcast, scope, metric } = printed;
  const { valid_life_time: valid = forever, preferred_life_time: preferred = forever } = printed;
  const alias = label?.startsWith(`${link}:`) ? label.slice(link.length + 1) : undefined;
  return tidy({
    address: `${local}/${prefixlen}`,
    peer,
    broadcast,
    scope: scope === 'global' ? undefined : scope,
    alias,
    label: alias === undefined && label !== link ? label : undefined,
    metric,
    noPrefixRoute: printed.noprefixroute === true ? (true as const) : undefined,
    deprecated: preferred === 0 && valid === forever ? (true as const) : undefined,
    lent:
      printed.dynamic === true || printed.temporary === true || valid !== forever
        ? (true as const)
        : undefined,
  });
}
