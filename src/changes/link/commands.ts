import { indent, lines, raw, type Sh, sh } from '../../sh/sh.ts';

/**
 * Makes a Linux bridge, with its MAC from the start: otherwise udev sets one (`MACAddressPolicy=persistent` in
 * systemd.link(5)), perhaps after ours was set.
 */
export function addBridge(name: string, mac: string | undefined): Sh {
  const words = ['name', name, ...(mac === undefined ? [] : ['address', mac]), 'type', 'bridge'];
  return sh`ip link add ${words}`;
}

export function ifThere(link: string, fragment: Sh): Sh {
  return lines(sh`if ip link show dev ${link} >/dev/null 2>&1; then`, raw(indent(fragment)), raw('fi'));
}

/** A link with that name that isn't a bridge is someone else's. */
export function ifBridge(link: string, fragment: Sh): Sh {
  return lines(sh`if [ -d ${`/sys/class/net/${link}/bridge`} ]; then`, raw(indent(fragment)), raw('fi'));
}

/**
 * Tells neighbours at once which MAC address the link's IPv4 addresses have now: those with an old entry would
 * misdirect packets until it is checked again, up to a minute later. Asking for one's own address announces it (RFC
 * 5227, 3); `use` makes the kernel ask now (ip-neighbour(8)). Never fails.
 */
export function announce(link: string): Sh {
  return lines(
    sh`for own in $(ip -4 -o address show dev ${link} 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }'); do`,
    sh`  ip neighbour replace "$own" use dev ${link} 2>/dev/null || continue`,
    sh`  ip neighbour delete "$own" dev ${link} 2>/dev/null || :`,
    raw('done'),
  );
}
