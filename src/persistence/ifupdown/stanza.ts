import type { BridgeConfig, LinkConfig } from '../link-config.ts';
import { commands } from './commands.ts';

/** A line of a stanza. */
export function option(key: string, value: string): string {
  return `    ${key} ${value}`;
}

/** The first line of a stanza. */
export function head(name: string, family: string, method: string): string {
  return `iface ${name} ${family} ${method}`;
}

/**
 * The stanza in the format of interfaces(5). It may run while the bridge is up, whoever made it: each command sets
 * what is already so, or nothing. So a restart of networking that doesn't know of a bridge made without it succeeds
 * and changes nothing. bridge-utils' options can't do that: they make the bridge again, or fail at the first address.
 * `ifdown` takes the bridge down and leaves its members in it.
 */
export function bridgeStanza({ name, addresses, members, mac, stp, mtu }: BridgeConfig): string {
  return [
    `auto ${name}`,
    head(name, 'inet', 'manual'),
    option('pre-up', commands.makeBridge(name)),
    option('pre-up', commands.setStp(name, stp)),
    option('pre-up', commands.setMac(name, mac)),
    ...(mtu === undefined ? [] : [option('pre-up', commands.setMtu(name, mtu))]),
    option('up', commands.setUp(name)),
    ...addresses.map((address) => option('up', commands.addAddress(name, address))),
    ...members.flatMap((member) => [
      option('up', commands.awaitMember(member)),
      option('up', commands.addMember(name, member)),
    ]),
    '',
  ].join('\n');
}

/** Seconds that bridge-utils waits at boot for the members to appear. */
const patience = 30;

/**
 * The same in bridge-utils' options (bridge-utils-interfaces(5)), for a stanza that has other options as well: the
 * bridge comes up in place of the stanza's interface, and only ifupdown makes it.
 */
export function bridgeOptions(
  { members, stp, forwardDelay, mac }: Required<Pick<LinkConfig, 'members' | 'stp' | 'forwardDelay' | 'mac'>>,
  method: string,
): string[] {
  return [
    option('bridge_ports', members.join(' ')),
    option('bridge_waitport', `${patience} ${members.join(' ')}`),
    option('bridge_stp', stp ? 'on' : 'off'),
    option('bridge_fd', `${forwardDelay}`),
    option('bridge_maxwait', '0'),
    // `hwaddress` isn't an option of the method manual; all methods have up.
    method === 'manual' ? option('up', commands.setMac('$IFACE', mac)) : option('hwaddress', mac),
  ];
}
