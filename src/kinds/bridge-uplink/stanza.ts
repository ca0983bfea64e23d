import { type Stanza, stanzasOf } from '../../facts/ifupdown/stanzas.ts';

/** What ifupdown must know of the bridge that an interface goes into. */
export interface UplinkBridgeStanza {
  readonly link: string;
  readonly bridge: string;
  readonly type: 'linux' | 'ovs';
  readonly mac: string;
}

/** What can't be moved to another interface without understanding it. */
export class StanzaObstacle extends Error {}

/** Seconds that ifupdown waits at boot for the interface to appear. */
const patience = 30;

/** Options that mean the same on the bridge (interfaces(5)); the ones with commands are looked into. */
const movable =
  /^(address|netmask|broadcast|network|gateway|metric|pointopoint|scope|mtu|accept_ra|autoconf|dad-attempts|dad-interval|privext|dns-\S+)$/;
/** Options that make the interface itself, whoever has the addresses: of bonds, VLANs and cards. */
const interfaceOnly = /^(bond[-_]\S+|slaves|vlan[-_]\S+|ethernet-\S+|link-\S+)$/;
const commands = /^(pre-up|up|post-up|down|pre-down|post-down)$/;
/** Options that only the bridge has, which `intoBridge` has written. */
const bridgeOnly = /^(bridge_\S+|hwaddress)$/;

/**
 * The text with the interface's stanzas turned into the bridge's, and the interface itself left without addresses.
 * A text in which that is so already stays as it is.
 * @throws StanzaObstacle
 */
export function intoBridge(text: string, uplink: UplinkBridgeStanza): string {
  const { link, bridge } = uplink;
  const stanzas = stanzasOf(text);
  const own = stanzas.filter(({ iface }) => iface?.name === link);
  const configured = own.filter(({ iface }) => iface?.method !== 'manual');
  if (stanzas.some(({ iface }) => iface?.name === bridge)) {
    if (configured.length === 0) return text;
    throw new StanzaObstacle(`it declares both ${bridge} and the addresses of ${link}`);
  }
  const mtu = own
    .flatMap(({ lines }) => lines)
    .find((line) => /^\s*mtu\s/.test(line))
    ?.trim();
  const manual = [
    `iface ${link} inet manual`,
    ...own.flatMap(ownOptions),
    ...(mtu === undefined ? [] : [`    up ip link set dev ${link} ${mtu}`]),
    `    up ip link set dev ${link} up`,
    '',
    `auto ${bridge}`,
  ];
  const moved = configured.length === 0 ? own.slice(0, 1) : configured;
  const replaced = new Map<Stanza, readonly string[]>();
  for (const stanza of own) replaced.set(stanza, []);
  for (const [index, stanza] of moved.entries()) {
    const { family = 'inet', method = 'manual' } = stanza.iface ?? {};
    const head = `iface ${bridge} ${family} ${method}`;
    const extra = index > 0 ? [] : bridgeOptions(uplink, method);
    const before = stanza === own[0] ? manual : [];
    replaced.set(stanza, [...before, head, ...optionsFor(stanza, link, bridge), ...extra]);
  }
  // A manual stanza may come before the one that has the addresses.
  const [first] = own;
  if (first !== undefined && !moved.includes(first)) replaced.set(first, manual);
  return written(stanzas, replaced);
}

/**
 * The way back: the bridge's stanzas become the interface's, and what only a bridge has goes.
 * @throws StanzaObstacle
 */
export function outOfBridge(
  text: string,
  { link, bridge }: Pick<UplinkBridgeStanza, 'link' | 'bridge'>,
): string {
  const stanzas = stanzasOf(text);
  const own = stanzas.filter(({ iface }) => iface?.name === bridge);
  if (own.length === 0) return text;
  const kept = stanzas.filter(({ iface }) => iface?.name === link).flatMap(ownOptions);
  const replaced = new Map<Stanza, readonly string[]>();
  for (const stanza of stanzas) {
    const { name, family, method } = stanza.iface ?? {};
    if (name === link && method !== 'manual') {
      throw new StanzaObstacle(`it declares both ${bridge} and the addresses of ${link}`);
    }
    if (name === link) replaced.set(stanza, []);
    if (name !== bridge) continue;
    const head = [`iface ${link} ${family} ${method}`, ...(stanza === own[0] ? kept : [])];
    replaced.set(stanza, [...head, ...optionsFor(stanza, bridge, link)]);
  }
  return written(stanzas, replaced)
    .replace(`\n\nauto ${bridge}\n`, '\n')
    .split('\n')
    .flatMap((line) => withoutAuto(line, bridge))
    .join('\n')
    .replace(/^\n+/, '');
}

function bridgeOptions({ link, type, mac }: UplinkBridgeStanza, method: string): string[] {
  // Open vSwitch has the bridge, its port and its MAC in its own database.
  if (type === 'ovs') return method === 'manual' ? ['    up ip link set dev $IFACE up'] : [];
  return [
    `    bridge_ports ${link}`,
    `    bridge_waitport ${patience} ${link}`,
    '    bridge_stp off',
    '    bridge_fd 0',
    '    bridge_maxwait 0',
    // `hwaddress` isn't an option of the method manual; all methods have up.
    method === 'manual' ? `    up ip link set dev $IFACE address ${mac}` : `    hwaddress ${mac}`,
  ];
}

function optionsFor({ lines, iface }: Stanza, from: string, to: string): string[] {
  if (iface?.method !== 'static' && iface?.method !== 'manual') {
    throw new StanzaObstacle(`${from} gets its addresses by ${iface?.method}`);
  }
  return lines.slice(1).flatMap((line) => {
    const [, option = '', value = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    if (line.endsWith('\\')) throw new StanzaObstacle(`a line of ${from}'s stanza goes on in the next one`);
    if (option === '' || option.startsWith('#') || movable.test(option)) return [line];
    if (interfaceOnly.test(option)) return [];
    if (bridgeOnly.test(option)) {
      if (to === bridgeLine(lines)) return [];
      throw new StanzaObstacle(`${from}'s stanza has the option ${option}`);
    }
    if (!commands.test(option)) throw new StanzaObstacle(`${from}'s stanza has the option ${option}`);
    if (/^ip link set dev \S+ (up|mtu \d+|address [0-9a-f:]+)$/.test(value) && iface.method === 'manual')
      return [];
    return [commandFor(line, value, from, to)];
  });
}

/** The lines that stay with the interface when its addresses go to a bridge. */
function ownOptions({ lines }: Stanza): string[] {
  return lines.slice(1).filter((line) => interfaceOnly.test(/^\s*(\S+)/.exec(line)?.[1] ?? ''));
}

/** The member that a stanza of ours names. */
function bridgeLine(lines: readonly string[]): string | undefined {
  return lines
    .map((line) => /^\s*bridge_ports\s+(\S+)\s*$/.exec(line)?.[1])
    .find((name) => name !== undefined);
}

/** A command that names the interface is only understood where it sets routes or addresses. */
function commandFor(line: string, command: string, from: string, to: string): string {
  const named = new RegExp(`(?<![\\w.:@-])${from.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')}(?![\\w.:@-])`, 'g');
  if (!named.test(command)) return line;
  if (/^(\/\S+\/)?ip( -[46])? (route|address|addr|rule|a|r) [^;&|`$<>]*$/.test(command))
    return line.replace(named, to);
  throw new StanzaObstacle(`${from}'s stanza runs a command that names it: ${command}`);
}

function withoutAuto(line: string, name: string): string[] {
  const match = /^(\s*(?:auto|allow-\S+)\s)(.*)$/.exec(line);
  const names = match?.[2]?.trim().split(/\s+/) ?? [];
  if (match === null || !names.includes(name)) return [line];
  const others = names.filter((one) => one !== name);
  return others.length === 0 ? [] : [`${match[1]}${others.join(' ')}`];
}

/** Removed stanzas take the blank line in front of them along. */
function written(stanzas: readonly Stanza[], replaced: ReadonlyMap<Stanza, readonly string[]>): string {
  const out: string[] = [];
  for (const stanza of stanzas) {
    const lines = replaced.get(stanza) ?? stanza.lines;
    if (lines.length === 0) while (out.at(-1) === '') out.pop();
    out.push(...lines);
  }
  return out.join('\n');
}
