import { type Stanza, stanzasOf } from '../../facts/ifupdown/stanzas.ts';
import { tidy } from '../../json/records.ts';
import { parseAddress } from '../../net/address.ts';
import type { LinkConfig } from '../link-config.ts';
import { meaningOf } from './commands.ts';

/**
 * The links that texts in the format of interfaces(5) declare, with all stanzas of each. Options are those of
 * ifupdown, of bridge-utils-interfaces(5) and of Open vSwitch's README.Debian.
 */
export function readLinks(texts: readonly string[]): LinkConfig[] {
  const found = new Map<string, LinkConfig>();
  for (const stanza of texts.flatMap(stanzasOf)) {
    if (stanza.iface === undefined) continue;
    const { name } = stanza.iface;
    const before = found.get(name);
    const own = readStanza(stanza, stanza.iface);
    found.set(name, before === undefined ? own : joined(before, own));
  }
  return [...found.values()];
}

function readStanza({ lines }: Stanza, { name, method }: NonNullable<Stanza['iface']>): LinkConfig {
  const options = new Map<string, string>();
  const meanings: ReturnType<typeof meaningOf>[] = [];
  for (const line of lines.slice(1)) {
    const [word = '', ...words] = line.trim().split(/\s+/);
    const key = word.replaceAll('-', '_');
    const value = words.join(' ');
    if (/^(pre_|post_)?up$/.test(key)) meanings.push(meaningOf(value, name));
    else options.set(key, value);
  }
  const understood = meanings.flatMap((meaning) => meaning ?? []);
  // The effects of other commands are unknown.
  const scripted = understood.length < meanings.length;
  const said = understood.reduce<LinkConfig>(together, ofOptions(name, options, scripted));
  return scripted || method === 'dhcp' || method === 'auto' ? tidy({ ...said, addresses: undefined }) : said;
}

function ofOptions(name: string, options: ReadonlyMap<string, string>, scripted: boolean): LinkConfig {
  const ports = scripted ? undefined : (options.get('bridge_ports') ?? options.get('ovs_ports'))?.split(' ');
  const isPattern = ports?.some((port) => /^(all|regex)$/.test(port));
  const address = addressOf(options.get('address'), options.get('netmask'));
  const gateway = options.get('gateway');
  return tidy({
    name,
    type:
      options.get('ovs_type') === 'OVSBridge'
        ? ('ovs' as const)
        : options.has('bridge_ports') && !scripted
          ? ('linux' as const)
          : undefined,
    addresses: address === undefined ? [] : [address],
    gateways: gateway === undefined ? undefined : [gateway],
    members: isPattern ? undefined : ports?.filter((port) => port !== 'none'),
    mtu: numberOf(options.get('mtu')),
    mac: options.get('hwaddress')?.split(' ').at(-1),
    stp: switchOf(options.get('bridge_stp')),
    forwardDelay: numberOf(options.get('bridge_fd')),
  });
}

/** One link with two stanzas: lists are merged, and for the rest the last one wins. */
function joined(one: LinkConfig, other: LinkConfig): LinkConfig {
  const isKnown = one.addresses !== undefined && other.addresses !== undefined;
  const all = together(one, other);
  return isKnown ? all : tidy({ ...all, addresses: undefined });
}

function together(one: LinkConfig, more: Partial<LinkConfig>): LinkConfig {
  return tidy({
    ...one,
    ...more,
    addresses: union(one.addresses, more.addresses),
    gateways: union(one.gateways, more.gateways),
    members: union(one.members, more.members),
  });
}

function union(
  some: readonly string[] | undefined,
  more: readonly string[] | undefined,
): readonly string[] | undefined {
  return some === undefined || more === undefined ? (some ?? more) : [...new Set([...some, ...more])];
}

function addressOf(address: string | undefined, netmask: string | undefined): string | undefined {
  if (address === undefined || address.includes('/') || netmask === undefined) return address;
  const mask = parseAddress(netmask).value;
  const prefix = mask === undefined ? netmask : mask.value.toString(2).replace(/0+$/, '').length;
  return `${address}/${prefix}`;
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function switchOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : { on: true, yes: true, off: false, no: false }[text];
}
