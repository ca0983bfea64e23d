import { indent, lines, raw, type Sh, sh } from '../../sh/sh.ts';

/**
 * Makes a Linux bridge, with its MAC from the start: udev gives one that is made without another
 * (`MACAddressPolicy=persistent` in systemd.link(5)), and may do so after it was set.
 */
export function addBridge(name: string, mac: string | undefined): Sh {
  const words = ['name', name, ...(mac === undefined ? [] : ['address', mac]), 'type', 'bridge'];
  return sh`ip link add ${words}`;
}

export function ifThere(link: string, fragment: Sh): Sh {
  return lines(sh`if ip link show dev ${link} >/dev/null 2>&1; then`, raw(indent(fragment)), raw('fi'));
}

/** A link of that name that is no bridge is somebody else's. */
export function ifBridge(link: string, fragment: Sh): Sh {
  return lines(sh`if [ -d ${`/sys/class/net/${link}/bridge`} ]; then`, raw(indent(fragment)), raw('fi'));
}

/**
 * Neighbours learn at once which MAC address the link's IPv4 addresses have now: whoever knew them by another one
 * would send packets astray until its entry is checked again, up to a minute later. To ask for one's own address is
 * what announces it (RFC 5227, 3); `use` has the kernel ask now (ip-neighbour(8)). Never fails.
 */
export function announce(link: string): Sh {
  return lines(
    sh`for own in $(ip -4 -o address show dev ${link} 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }'); do`,
    sh`  ip neighbour replace "$own" use dev ${link} 2>/dev/null || continue`,
    sh`  ip neighbour delete "$own" dev ${link} 2>/dev/null || :`,
    raw('done'),
  );
}
