import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { containsCidr, parseCidr } from '../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import { type AtBoot, bootBridges, type Settings } from './boot-bridges.ts';
import { type BridgeParams, type DockerParams, listOf, paramsOf } from './use.ts';

/** What a step says of a bridge or an interface that is there now. */
interface Now {
  readonly kind: string;
  readonly name: string;
  readonly settings: Settings;
  /** What a boot makes unlike it, beyond settings that differ. */
  readonly unlike?: (
    boot: Settings,
  ) => { readonly key: keyof Settings; readonly message: string } | undefined;
}

type Uplink = { readonly interface: string; readonly bridge: string; readonly type?: 'linux' | 'ovs' };

/** By kind, what its steps say of bridges and interfaces. */
const says: Readonly<Record<string, (params: never) => readonly Omit<Now, 'kind'>[]>> = {
  linux_bridge: ({ name, address, members = [], mtu, mac, stp }: BridgeParams) => [
    { name, settings: { type: 'linux', address: listOf(address), members, mtu, mac, stp } },
  ],
  ovs_bridge: ({ name, mac }: BridgeParams) => [{ name, settings: { type: 'ovs', mac } }],
  bridge_uplink: ({ interface: link, bridge, type = 'linux' }: Uplink) => [
    {
      name: bridge,
      settings: { type },
      unlike: ({ members }) =>
        members === undefined || members.includes(link)
          ? undefined
          : {
              key: 'members',
              message: `after a boot ${link} isn't in the bridge ${bridge}, where a step puts it`,
            },
    },
    { name: link, settings: { address: [] } },
  ],
  docker_daemon: ({ bridge, bip, fixed_cidr }: DockerParams) => [
    ...(bip === undefined ? [] : [{ name: 'docker0', settings: { address: [bip] } }]),
    ...(bridge === undefined
      ? []
      : [{ name: bridge, settings: { type: 'linux' as const }, unlike: withoutNetwork(bridge, fixed_cidr) }]),
  ],
};

/** Settings with which a boot makes something else than the steps do. */
export function persistenceLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  return hosts.flatMap((host) => {
    const boot = bootBridges(host);
    if (boot.length === 0) return [];
    const now = Object.entries(says).flatMap(([kind, say]) =>
      paramsOf<never>(host, kind).flatMap((params) => say(params).map((one): Now => ({ kind, ...one }))),
    );
    return boot.flatMap((one) =>
      now.filter(({ name }) => name === one.name).flatMap((step) => compare(one, step)),
    );
  });
}

function compare(
  { name, settings, at, param, sameDefaults }: AtBoot,
  { kind, settings: now, unlike }: Now,
): Diagnostic[] {
  const step = `${article(kind)} ${kind} step`;
  if (settings.type !== undefined && now.type !== undefined && settings.type !== now.type)
    return [
      warning(
        'persistence-differs',
        `at boot ifupdown makes ${name} ${words[settings.type]}, and ${step} ${words[now.type]}`,
        at(param('type')),
        'leave the bridge to one of them',
      ),
    ];
  const wholly = sameDefaults && kind === 'linux_bridge';
  const keys = (['address', 'members', 'mtu', 'mac', 'stp'] as const).filter((key) => {
    const [a, b] = [settings[key], now[key]];
    // Left out of a stanza, it is what the bridge has.
    if ((!wholly || key === 'stp') && (a === undefined || b === undefined)) return false;
    return !isDeepStrictEqual(sorted(a), sorted(b));
  });
  const other = unlike?.(settings);
  return [
    ...keys.map((key) =>
      warning(
        'persistence-differs',
        `after a boot ${name} has ${key === 'members' ? 'other' : 'another'} ${key} than ${step} gives it`,
        at(param(key)),
        `write the same ${key} in both steps`,
      ),
    ),
    ...(other === undefined
      ? []
      : [
          warning(
            'persistence-differs',
            other.message,
            at(param(other.key)),
            `write the ${other.key} that ${step} counts on`,
          ),
        ]),
  ];
}

const words = { linux: 'a Linux bridge', ovs: "one of Open vSwitch's" };

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? 'an' : 'a';
}

function sorted(value: Settings[keyof Settings]): unknown {
  return typeof value === 'object'
    ? [...value].sort()
    : typeof value === 'string'
      ? value.toLowerCase()
      : value;
}

/** Docker doesn't start on a bridge without an IPv4 address, nor with a range that lies in none of its networks. */
function withoutNetwork(bridge: string, fixedCidr: string | undefined): Now['unlike'] {
  return ({ address }) => {
    if (address === undefined) return undefined;
    const networks = address.flatMap((text) => {
      const parsed = parseInterfaceAddress(text).value;
      return parsed?.address.version === 4 ? [interfaceNetwork(parsed)] : [];
    });
    if (networks.length === 0)
      return {
        key: 'address',
        message: `after a boot ${bridge} has no IPv4 address, and Docker doesn't start on it`,
      };
    const range = fixedCidr === undefined ? undefined : parseCidr(fixedCidr).value;
    if (range === undefined || networks.some((network) => containsCidr(network, range))) return undefined;
    return {
      key: 'address',
      message: `after a boot ${fixedCidr} lies in no network of ${bridge}, and Docker doesn't start`,
    };
  };
}
