import { bridgeMac } from '../../changes/link/link.ts';
import { contains, parseCidr } from '../../net/cidr.ts';
import { parseInterfaceAddress } from '../../net/interface-address.ts';
import { formatMac, isUnicastMac, parseMac } from '../../net/mac.ts';
import type { Problem, View } from '../define-kind.ts';

/** The params of every kind that describes a bridge. */
export const bridgeParams = {
  address: {
    description: 'An address with its prefix length, `10.11.12.1/24`, or a list of them. Default: none.',
    anyOf: [
      { type: 'string', format: 'interface-address' },
      { type: 'array', items: { type: 'string', format: 'interface-address' }, uniqueItems: true },
    ],
  },
  mac: {
    type: 'string',
    format: 'mac',
    description: "The bridge's MAC address. Default: derived from the names of host and bridge.",
  },
  stp: {
    type: 'boolean',
    description:
      'Whether the bridge uses the spanning tree protocol. Default: unchanged; off for a new bridge.',
  },
  mtu: {
    type: 'integer',
    minimum: 68,
    maximum: 65535,
    description:
      'The MTU in bytes. Default: that of the overlay whose range contains `address`; otherwise the kernel chooses.',
  },
} as const;

/** Interfaces that become members of a bridge. */
export const membersParam = {
  type: 'array',
  items: { type: 'string', format: 'interface-name' },
  uniqueItems: true,
} as const;

/** The addresses of an `address` param, as written. */
export function addressTexts(address: string | readonly string[] | undefined): readonly string[] {
  return typeof address === 'string' ? [address] : (address ?? []);
}

/** A Linux bridge from params, for a step's description. */
export function bridgeSettings({ address, members = [], mtu, mac, stp }: BridgeSettings) {
  return {
    type: 'linux',
    address: addressTexts(address),
    members,
    mtu,
    mac,
    stp,
    defaults: 'bridge',
  } as const;
}

interface BridgeSettings {
  readonly address?: string | readonly string[] | undefined;
  readonly members?: readonly string[] | undefined;
  readonly mtu?: number | undefined;
  readonly mac?: string | undefined;
  readonly stp?: boolean | undefined;
}

/** Errors in a bridge's params that the schema can't express. */
export function bridgeProblems(
  bridge: string,
  { mac, members = [] }: { readonly mac?: string; readonly members?: readonly string[] },
): Problem[] {
  const own = members.indexOf(bridge);
  const problem: Problem = {
    code: 'own-member',
    message: 'a bridge cannot be its own member',
    path: ['members', own],
  };
  return [...macProblems(mac), ...(own === -1 ? [] : [problem])];
}

/** Errors in a `mac` param that a schema can't express. */
export function macProblems(text: string | undefined): Problem[] {
  const mac = text === undefined ? undefined : parseMac(text).value;
  if (mac === undefined || isUnicastMac(mac)) return [];
  return [
    { code: 'group-mac', message: `${text} is a group address, which no interface can have`, path: ['mac'] },
  ];
}

/** As `ip link` prints it; the schema guarantees that it is a MAC. */
export function normalMac(text: string): string {
  const mac = parseMac(text).value;
  return mac === undefined ? text : formatMac(mac);
}

/**
 * The MTU for a bridge with these addresses unless one is set: that of the overlay whose range contains one of them;
 * undefined if none does.
 */
export function overlayMtu(addresses: readonly string[], view: View): number | undefined {
  const parsed = addresses.flatMap((text) => parseInterfaceAddress(text).value?.address ?? []);
  return [...view.overlays.values()].find(({ cidr }) => {
    const range = parseCidr(cidr).value;
    return range !== undefined && parsed.some((address) => contains(range, address));
  })?.mtu;
}

/** A bridge's MAC as `ip link` prints it; by default derived from the host's and the bridge's names. */
export function macOrDefault(mac: string | undefined, bridge: string, view: View): string {
  const parsed = mac === undefined ? undefined : parseMac(mac).value;
  return parsed === undefined ? bridgeMac(view.host, bridge) : formatMac(parsed);
}
