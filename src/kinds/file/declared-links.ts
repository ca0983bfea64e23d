import { dropInFolder, mainFile } from '../../facts/ifupdown/ifupdown.ts';
import { stanzasOf } from '../../facts/ifupdown/stanzas.ts';
import { parseAddress } from '../../net/address.ts';
import type { DescribedLink } from '../described.ts';

type Settings = Pick<DescribedLink, 'type' | 'address' | 'members' | 'mtu' | 'mac'>;

/** What ifupdown makes at boot by a file whose text stands in one of these params, where it is one of its files. */
export function declaredBy(
  path: string,
  texts: Readonly<Record<string, string | undefined>>,
): readonly DescribedLink[] {
  if (path !== mainFile && !path.startsWith(`${dropInFolder}/`)) return [];
  const [param, text] = Object.entries(texts).find(([, one]) => one !== undefined) ?? [];
  if (param === undefined || text === undefined) return [];
  return linksIn(text).map(({ name, settings }) => ({
    is: 'link',
    // Only some of what a stanza says is understood.
    does: 'uses',
    when: 'boot',
    manager: 'ifupdown',
    name,
    ...settings,
    params: param,
  }));
}

/** interfaces(5), bridge-utils-interfaces(5), and Open vSwitch's README.Debian. */
function linksIn(text: string): { name: string; settings: Settings }[] {
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
