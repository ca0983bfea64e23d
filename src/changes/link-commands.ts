import { indent, lines, raw, type Sh, sh } from '../sh/sh.ts';

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
