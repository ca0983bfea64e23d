import type { Problem } from './define-kind.ts';
import { macProblems } from './mac-param.ts';

/** What every kind that describes a bridge says of it in the same way. */
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

/** The addresses of an `address` param, as they are written. */
export function addressTexts(address: string | readonly string[] | undefined): readonly string[] {
  return typeof address === 'string' ? [address] : (address ?? []);
}

/** A Linux bridge as params say it, for a step's description. */
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

/** What the schema can't say of a bridge's params. */
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
