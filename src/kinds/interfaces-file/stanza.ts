/** A Linux bridge as ifupdown shall bring it up. */
export interface BridgeStanza {
  readonly bridge: string;
  /** With prefix lengths. */
  readonly addresses: readonly string[];
  readonly members: readonly string[];
  readonly mac: string;
  /** Whether it speaks the spanning tree protocol. */
  readonly stp: boolean;
  /** Bytes. */
  readonly mtu?: number;
}

/** Tenths of a second that ifupdown waits at boot for each member to appear. */
const patience = 300;

/**
 * The stanza in the form of interfaces(5). It may be carried out while the bridge is up, whoever made it: each command
 * brings about what is there already, or nothing. So a restart of networking, which doesn't know of a bridge that was
 * made without it, succeeds and changes nothing. bridge-utils' options can't do that: they make the bridge anew, or
 * fail at the first address. `ifdown` takes the bridge down and leaves its members in it.
 */
export function bridgeStanza({ bridge, addresses, members, mac, stp, mtu }: BridgeStanza): string {
  return [
    `auto ${bridge}`,
    `iface ${bridge} inet manual`,
    `    pre-up ip link show dev ${bridge} >/dev/null 2>&1 || ip link add name ${bridge} type bridge`,
    `    pre-up ip link set dev ${bridge} type bridge stp_state ${stp ? 1 : 0}`,
    `    pre-up ip link set dev ${bridge} address ${mac}`,
    ...(mtu === undefined ? [] : [`    pre-up ip link set dev ${bridge} mtu ${mtu}`]),
    `    up ip link set dev ${bridge} up`,
    ...addresses.map((address) => {
      const broadcast = address.includes(':') ? '' : ' broadcast +';
      return `    up ip address replace ${address}${broadcast} dev ${bridge}`;
    }),
    ...members.flatMap((member) => [
      `    up n=${patience}; until [ -e /sys/class/net/${member} ] || [ $n = 0 ]; do sleep 0.1; n=$((n - 1)); done`,
      `    up ip link set dev ${member} master ${bridge} up || true`,
    ]),
    '',
  ].join('\n');
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
