import { type Stanza, stanzasOf } from '../../facts/ifupdown/stanzas.ts';
import type { Uplink } from '../backend.ts';
import { bringsUpLink, commands, meaningOf } from './commands.ts';
import { bridgeOptions, head, option } from './stanza.ts';

/** Something that can't be moved to another interface without understanding it. */
export class Unmovable extends Error {}

/** Options that mean the same on the bridge (interfaces(5)); those with commands are examined. */
const movable =
  /^(address|netmask|broadcast|network|gateway|metric|pointopoint|scope|mtu|accept_ra|autoconf|dad-attempts|dad-interval|privext|dns-\S+)$/;
/** Options that configure the interface itself, whichever has the addresses: of bonds, VLANs and cards. */
const interfaceOnly = /^(bond[-_]\S+|slaves|vlan[-_]\S+|ethernet-\S+|link-\S+)$/;
const runs = /^(pre-up|up|post-up|down|pre-down|post-down)$/;
/** Options that only the bridge has, written by `intoBridge`. */
const bridgeOnly = /^(bridge_\S+|hwaddress)$/;

/**
 * The text with the interface's stanzas made the bridge's, and the interface itself without addresses. Unchanged if
 * that is already so.
 * @throws Unmovable
 */
export function intoBridge(text: string, uplink: Uplink & { readonly mac: string }): string {
  const { link, bridge } = uplink;
  const stanzas = stanzasOf(text);
  const own = stanzas.filter(({ iface }) => iface?.name === link);
  const configured = own.filter(({ iface }) => iface?.method !== 'manual');
  if (stanzas.some(({ iface }) => iface?.name === bridge)) {
    if (configured.length === 0) return text;
    throw new Unmovable(`it declares both ${bridge} and the addresses of ${link}`);
  }
  const [mtu] = own.flatMap(mtuOf);
  const manual = [
    head(link, 'inet', 'manual'),
    ...own.flatMap(ownOptions),
    ...(mtu === undefined ? [] : [option('up', commands.setMtu(link, mtu))]),
    option('up', commands.setUp(link)),
    '',
    `auto ${bridge}`,
  ];
  const moved = configured.length === 0 ? own.slice(0, 1) : configured;
  const more = [
    ...(mtu === undefined || moved.some((stanza) => mtuOf(stanza).length > 0) ? [] : [option('mtu', mtu)]),
    ...optionsOfBridge(uplink, moved[0]?.iface?.method),
  ];
  const replaced = new Map<Stanza, readonly string[]>();
  for (const stanza of own) replaced.set(stanza, []);
  for (const [index, stanza] of moved.entries()) {
    const { family = 'inet', method = 'manual' } = stanza.iface ?? {};
    const before = stanza === own[0] ? manual : [];
    replaced.set(stanza, [
      ...before,
      head(bridge, family, method),
      ...optionsFor(stanza, link, bridge),
      ...(index > 0 ? [] : more),
    ]);
  }
  // A manual stanza may precede the one with the addresses.
  const [first] = own;
  if (first !== undefined && !moved.includes(first)) replaced.set(first, manual);
  return written(stanzas, replaced);
}

/**
 * The reverse: the bridge's stanzas become the interface's, without what only a bridge has.
 * @throws Unmovable
 */
export function outOfBridge(text: string, { link, bridge }: Pick<Uplink, 'link' | 'bridge'>): string {
  const stanzas = stanzasOf(text);
  const own = stanzas.filter(({ iface }) => iface?.name === bridge);
  if (own.length === 0) return text;
  const kept = stanzas.filter(({ iface }) => iface?.name === link).flatMap(ownOptions);
  const replaced = new Map<Stanza, readonly string[]>();
  for (const stanza of stanzas) {
    const { name, family = 'inet', method = 'manual' } = stanza.iface ?? {};
    if (name === link && method !== 'manual') {
      throw new Unmovable(`it declares both ${bridge} and the addresses of ${link}`);
    }
    if (name === link) replaced.set(stanza, []);
    if (name !== bridge) continue;
    const first = [head(link, family, method), ...(stanza === own[0] ? kept : [])];
    replaced.set(stanza, [...first, ...optionsFor(stanza, bridge, link)]);
  }
  return written(stanzas, replaced)
    .replace(`\n\nauto ${bridge}\n`, '\n')
    .split('\n')
    .flatMap((line) => withoutAuto(line, bridge))
    .join('\n')
    .replace(/^\n+/, '');
}

function optionsOfBridge(
  { link, type, mac }: Uplink & { readonly mac: string },
  method = 'manual',
): string[] {
  if (type === 'linux') return bridgeOptions({ members: [link], stp: false, forwardDelay: 0, mac }, method);
  // Open vSwitch has the bridge, its port and its MAC in its own database.
  return method === 'manual' ? [option('up', commands.setUp('$IFACE'))] : [];
}

function optionsFor({ lines, iface }: Stanza, from: string, to: string): string[] {
  if (iface?.method !== 'static' && iface?.method !== 'manual') {
    throw new Unmovable(`${from} gets its addresses by ${iface?.method}`);
  }
  return lines.slice(1).flatMap((line) => {
    const [, key = '', value = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    if (line.endsWith('\\')) throw new Unmovable(`a line of ${from}'s stanza goes on in the next one`);
    if (key === '' || key.startsWith('#') || movable.test(key)) return [line];
    if (interfaceOnly.test(key)) return [];
    if (bridgeOnly.test(key)) {
      if (to === bridgeLine(lines)) return [];
      throw new Unmovable(`${from}'s stanza has the option ${key}`);
    }
    if (!runs.test(key)) throw new Unmovable(`${from}'s stanza has the option ${key}`);
    if (iface.method === 'manual' && bringsUpLink(value)) {
      const { mtu } = meaningOf(value, from) ?? {};
      // Before that, the bridge isn't there yet.
      return mtu === undefined || key.endsWith('down') ? [] : [option('up', commands.setMtu(to, mtu))];
    }
    return [commandFor(line, value, from, to)];
  });
}

/** The lines that stay with the interface when its addresses move to a bridge. */
function ownOptions({ lines }: Stanza): string[] {
  return lines.slice(1).filter((line) => interfaceOnly.test(/^\s*(\S+)/.exec(line)?.[1] ?? ''));
}

/** As an option, or as a command that has taken its place. */
function mtuOf({ lines, iface }: Stanza): string[] {
  return lines.slice(1).flatMap((line) => {
    const [, key = '', value = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    if (key === 'mtu') return [value.trimEnd()];
    const mtu =
      runs.test(key) && !key.endsWith('down') ? meaningOf(value, iface?.name ?? '')?.mtu : undefined;
    return mtu === undefined ? [] : [`${mtu}`];
  });
}

/** The member that a stanza of ours names. */
function bridgeLine(lines: readonly string[]): string | undefined {
  return lines
    .map((line) => /^\s*bridge_ports\s+(\S+)\s*$/.exec(line)?.[1])
    .find((name) => name !== undefined);
}

/** A command that names the interface is only understood if it sets routes or addresses. */
function commandFor(line: string, command: string, from: string, to: string): string {
  const named = new RegExp(`(?<![\\w.:@-])${from.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')}(?![\\w.:@-])`, 'g');
  if (!named.test(command)) return line;
  if (/^(\/\S+\/)?ip( -[46])? (route|address|addr|rule|a|r) [^;&|`$<>]*$/.test(command))
    return line.replace(named, to);
  throw new Unmovable(`${from}'s stanza runs a command that names it: ${command}`);
}

function withoutAuto(line: string, name: string): string[] {
  const match = /^(\s*(?:auto|allow-\S+)\s)(.*)$/.exec(line);
  const names = match?.[2]?.trim().split(/\s+/) ?? [];
  if (match === null || !names.includes(name)) return [line];
  const others = names.filter((one) => one !== name);
  return others.length === 0 ? [] : [`${match[1]}${others.join(' ')}`];
}

/** A removed stanza takes the blank line before it along. */
function written(stanzas: readonly Stanza[], replaced: ReadonlyMap<Stanza, readonly string[]>): string {
  const out: string[] = [];
  for (const stanza of stanzas) {
    const lines = replaced.get(stanza) ?? stanza.lines;
    if (lines.length === 0) while (out.at(-1) === '') out.pop();
    out.push(...lines);
  }
  return out.join('\n');
}
