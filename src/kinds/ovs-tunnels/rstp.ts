import type { PortChange } from '../../changes/ovsdb/change.ts';
import type { BridgeSettings, OvsBridge, PortSettings } from '../../facts/ovs/ovs.ts';
import { rstpTag } from '../../facts/ovs/tags.ts';
import { tunnelConfig } from '../../facts/ovs/tunnel.ts';
import { tidy } from '../../json/records.ts';

/**
 * What a tunnel's port needs besides RSTP on its bridge, or a cycle becomes a loop. Seen with Open vSwitch 3.1: a port
 * without BPDUs forwards after 3 s, as if a host were behind it (`auto-edge`), and when a failed link returns, both
 * its ends forward until a BPDU gets through the storm.
 *
 * With BFD a port takes part in RSTP only while packets pass in both directions (`port_run` in ofproto-dpif.c), so a
 * link that fails or returns starts blocked. One message a second is the default, and the link counts as down after
 * three. Without a MAC address to look for, Open vSwitch would also take BFD packets of the hosts' own containers for
 * its own; this one is its default for those it sends. BFD on a blocked port: since Open vSwitch 2.8.
 */
export const guard = {
  otherConfig: { 'rstp-port-auto-edge': 'false' },
  bfd: { enable: 'true', bfd_remote_dst_mac: '00:23:20:00:00:01' },
} as const satisfies PortSettings;

/** As before the guard was set; a port with only a part of it, for example BFD alone, is unchanged. */
export function withoutGuard(port: PortSettings): PortSettings {
  const otherConfig = without(port.otherConfig, guard.otherConfig);
  const bfd = without(port.bfd, guard.bfd);
  return otherConfig === undefined || bfd === undefined
    ? port
    : tidy({ ...port, otherConfig: unlessEmpty(otherConfig), bfd: unlessEmpty(bfd) });
}

type Texts = Readonly<Record<string, string>>;

/** Undefined if an entry is missing or different. */
function without(map: Texts = {}, entries: Texts): Texts | undefined {
  if (Object.entries(entries).some(([key, text]) => map[key] !== text)) return undefined;
  return Object.fromEntries(Object.entries(map).filter(([key]) => !Object.hasOwn(entries, key)));
}

function unlessEmpty(map: Texts): Texts | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

/** Undefined if it is already enabled. */
export function withRstp(own: BridgeSettings, overlay: string): BridgeSettings | undefined {
  if (own.rstp) return undefined;
  return { ...own, rstp: true, externalIds: { ...own.externalIds, [rstpTag]: overlay } };
}

/** Undefined if it isn't ours. */
export function withoutOurRstp(own: BridgeSettings): BridgeSettings | undefined {
  const { [rstpTag]: tag, ...externalIds } = own.externalIds ?? {};
  if (tag === undefined) return undefined;
  return tidy({ ...own, rstp: undefined, externalIds: unlessEmpty(externalIds) });
}

/** RSTP negotiates first, and BFD waits for the other end; meanwhile an existing port doesn't forward. */
export function interrupts(
  bridge: OvsBridge,
  after: BridgeSettings | undefined,
  ports: readonly PortChange[],
): boolean {
  if (after?.rstp === true && Object.values(bridge.ports).some(({ type }) => type !== 'internal'))
    return true;
  return ports.some(
    ({ before, after }) =>
      before !== null &&
      (tunnelConfig(before) !== tunnelConfig(after ?? {}) ||
        (before.bfd?.enable !== 'true' && after?.bfd?.enable === 'true')),
  );
}
