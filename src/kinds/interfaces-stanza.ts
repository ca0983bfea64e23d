/** A Linux bridge as ifupdown and bridge-utils shall bring it up. */
export interface BridgeStanza {
  readonly bridge: string;
  /** With prefix lengths. */
  readonly addresses: readonly string[];
  readonly members: readonly string[];
  readonly mac: string;
  /** Bytes. */
  readonly mtu?: number;
}

/** Seconds that ifupdown waits at boot for members to appear. */
const patience = 30;

/**
 * The stanza in the form of interfaces(5) and bridge-utils-interfaces(5). One more `iface` for each address
 * after the first: ifupdown carries out all stanzas of a name.
 */
export function bridgeStanza({ bridge, addresses, members, mac, mtu }: BridgeStanza): string {
  const [first, ...more] = addresses;
  const ports = members.length === 0 ? 'none' : members.join(' ');
  return [
    `auto ${bridge}`,
    `iface ${bridge} ${method(first)}`,
    ...(first === undefined ? [] : [`    address ${first}`]),
    `    bridge_ports ${ports}`,
    ...(members.length === 0 ? [] : [`    bridge_waitport ${patience} ${ports}`]),
    '    bridge_stp off',
    '    bridge_fd 0',
    '    bridge_maxwait 0',
    // `hwaddress` and `mtu` aren't options of the method manual; all methods have up.
    ...(first === undefined
      ? [
          `    up ip link set dev ${bridge} address ${mac}`,
          ...(mtu === undefined ? [] : [`    up ip link set dev ${bridge} mtu ${mtu}`]),
        ]
      : [`    hwaddress ${mac}`, ...(mtu === undefined ? [] : [`    mtu ${mtu}`])]),
    ...more.flatMap((address) => ['', `iface ${bridge} ${method(address)}`, `    address ${address}`]),
    '',
  ].join('\n');
}

function method(address: string | undefined): string {
  return address === undefined ? 'inet manual' : address.includes(':') ? 'inet6 static' : 'inet static';
}

function marks(bridge: string): { begin: string; end: string } {
  return { begin: `# meshbook: ${bridge} begins`, end: `# meshbook: ${bridge} ends` };
}

/** A stanza between two marks, by which `replaceBlock` finds it again. */
export function markedBlock(bridge: string, stanza: string): string {
  const { begin, end } = marks(bridge);
  return `${begin}\n${stanza}${end}\n`;
}

/** The text with `block` (or nothing) in the place of the bridge's block; a new block goes to the end. */
export function replaceBlock(text: string, bridge: string, block: string): string {
  const { begin, end } = marks(bridge);
  const lines = text.split('\n');
  const from = lines.indexOf(begin);
  const to = lines.indexOf(end, from);
  if (from >= 0 && to >= 0) {
    const head = lines
      .slice(0, from)
      .map((line) => `${line}\n`)
      .join('');
    const tail = lines.slice(to + 1).join('\n');
    // The blank line that set the block off goes with it.
    return block === '' ? `${head.replace(/\n\n$/, '\n')}${tail}` : `${head}${block}${tail}`;
  }
  if (block === '') return text;
  const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return ended === '' ? block : `${ended}\n${block}`;
}
