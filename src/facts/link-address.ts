import { tidy } from '../json/records.ts';
import { argument, integer, recordOf, type Schema } from './schema.ts';

/** An address of an interface with all settings of `ip address` (ip-address(8)); defaults are left out. */
export interface LinkAddress {
  /** With its prefix length, which is the peer's if there is one. */
  readonly address: string;
  readonly peer?: string;
  readonly broadcast?: string;
  readonly scope?: string;
  /** The part of its label after the interface's name: `1` of `eth0:1`. */
  readonly alias?: string;
  readonly metric?: number;
  readonly noPrefixRoute?: true;
  /** Not used for new connections. */
  readonly deprecated?: true;
  /** It expires: from DHCP or a router advertisement. */
  readonly lent?: true;
  /** A label in any other form than the interface's name or `eth0:1`. */
  readonly label?: string;
}

/** The part of iproute2's output about an address that is read here. */
export interface PrintedAddress {
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

/** An address of the interface `link`. */
export function linkAddress(link: string, printed: PrintedAddress): LinkAddress {
  const { local = '', address: peer, prefixlen, label, broadcast, scope, metric } = printed;
  const { valid_life_time: valid = forever, preferred_life_time: preferred = forever } = printed;
  const alias = label?.startsWith(`${link}:`) ? label.slice(link.length + 1) : undefined;
  return tidy({
    address: `${local}/${prefixlen}`,
    peer,
    broadcast,
    scope: scope === usualScope(printed) ? undefined : scope,
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

/** The default scope of an address; IPv6 has no other. */
function usualScope({ family, local = '', scope }: PrintedAddress): string | undefined {
  if (family === 'inet6') return scope;
  return local.startsWith('127.') ? 'host' : 'global';
}

/** Whether the text says everything about it. */
export function isPlain(address: LinkAddress): boolean {
  return Object.keys(address).length === 1;
}

/** fe80::/10, which the kernel gives an interface that comes up. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/.test(address);
}
