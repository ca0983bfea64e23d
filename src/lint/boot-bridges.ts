import { dropInFolder, mainFile } from '../facts/ifupdown.ts';
import { stanzasOf } from '../facts/ifupdown-stanzas.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { parseAddress } from '../net/address.ts';
import { type BridgeParams, listOf, type Use, usesOf } from './use.ts';

/** What a bridge or an interface has. Left out: nothing is said of it; empty: it has none. */
export interface Settings {
  readonly type?: 'linux' | 'ovs';
  /** Addresses with prefix lengths. */
  readonly address?: readonly string[];
  readonly members?: readonly string[];
  readonly mtu?: number | undefined;
  readonly mac?: string | undefined;
  readonly stp?: boolean | undefined;
}

/** What ifupdown makes at boot, by a step that writes one of its files. */
export interface AtBoot {
  readonly name: string;
  readonly settings: Settings;
  readonly at: Use<unknown>['at'];
  /** The step's param that says it. */
  readonly param: (key: keyof Settings) => string;
  /** A setting that is left out has the default that a `linux_bridge` step gives it. */
  readonly sameDefaults?: true;
}

/** What comes of a host's `interfaces_file` steps, and of `file` steps that write stanzas by hand. */
export function bootBridges(host: ResolvedHost): AtBoot[] {
  const own = usesOf<BridgeParams & { bridge: string }>(host, 'interfaces_file').map(
    ({ params, at }): AtBoot => ({
      name: params.bridge,
      settings: {
        type: 'linux',
        address: listOf(params.address),
        members: params.members ?? [],
        mtu: params.mtu,
        mac: params.mac,
        stp: params.stp,
      },
      at,
      param: (key) => (key === 'type' ? 'bridge' : key),
      sameDefaults: true,
    }),
  );
  const byHand = usesOf<Readonly<Record<string, unknown>>>(host, 'file').flatMap(({ params, at }) => {
    const { path, secret } = params;
    const param = ['content', 'source', 'template'].find((key) => typeof params[key] === 'string');
    if (
      param === undefined ||
      secret === true ||
      (path !== mainFile && !`${path}`.startsWith(`${dropInFolder}/`))
    )
      return [];
    return declaredBy(`${params[param]}`).map((one): AtBoot => ({ ...one, at, param: () => param }));
  });
  return [...own, ...byHand];
}

/** interfaces(5), bridge-utils-interfaces(5), and Open vSwitch's README.Debian. */
function declaredBy(text: string): { name: string; settings: Settings }[] {
  const found = new Map<string, Map<string, string[]>>();
  for (const { lines, iface } of stanzasOf(text)) {
    if (iface === undefined) continue;
    const options = found.get(iface.name) ?? new Map<string, string[]>([['address', []]]);
    const own = new Map<string, string>();
    for (const line of lines.slice(1)) {
      const [key = '', ...words] = line.trim().split(/\s+/);
      own.set(key.replaceAll('-', '_'), words.join(' '));
    }
    const address = addressOf(own.get('address'), own.get('netmask'));
    // What commands do isn't known.
    const scripted = lines.some((line) => /^\s*(pre-|post-)?up\s/.test(line));
    if (scripted) for (const key of ['bridge_ports', 'ovs_ports']) own.delete(key);
    if (scripted || iface.method === 'dhcp' || iface.method === 'auto') options.delete('address');
    else if (address !== undefined) options.get('address')?.push(address);
    for (const [key, value] of own) if (key !== 'address') options.set(key, value.split(' '));
    found.set(iface.name, options);
  }
  return [...found].map(([name, options]) => ({ name, settings: settingsOf(options) }));
}

function settingsOf(options: ReadonlyMap<string, readonly string[]>): Settings {
  const ports = options.get('bridge_ports') ?? options.get('ovs_ports');
  const [type] = options.get('ovs_type') ?? [];
  const [mtu] = options.get('mtu') ?? [];
  const mac = options.get('hwaddress')?.at(-1);
  const address = options.get('address');
  return {
    ...(type === 'OVSBridge'
      ? { type: 'ovs' as const }
      : options.has('bridge_ports')
        ? { type: 'linux' as const }
        : {}),
    ...(address === undefined ? {} : { address }),
    ...(ports === undefined || ports.some((port) => /^(all|regex)$/.test(port))
      ? {}
      : { members: ports.filter((port) => port !== 'none') }),
    ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
    ...(mac === undefined ? {} : { mac }),
  };
}

function addressOf(address: string | undefined, netmask: string | undefined): string | undefined {
  if (address === undefined || address.includes('/') || netmask === undefined) return address;
  const mask = parseAddress(netmask).value;
  const prefix = mask === undefined ? netmask : mask.value.toString(2).replace(/0+$/, '').length;
  return `${address}/${prefix}`;
}
