import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact, withAddresses } from '../../facts/interfaces.ts';
import { isLinkLocal } from '../../facts/link-address.ts';
import { type OvsBridge, ovsFact } from '../../facts/ovs/ovs.ts';
import { bridgeTag } from '../../facts/ovs/tags.ts';
import { routesFact } from '../../facts/routes.ts';
import { tidy } from '../../json/records.ts';
import type { UplinkChange } from './change.ts';

/**
 * The facts after an interface has moved into its bridge, or out of it: links with their addresses, routes and rows.
 */
export function predictUplink(change: UplinkChange, facts: Facts): Facts {
  return withRows(change, withRoutes(change, withLinks(change, facts)));
}

/** From which interface to which the addresses and routes move. */
function direction({ link, bridge, after }: UplinkChange): [source: string, target: string] {
  return after.holder === 'bridge' ? [link, bridge] : [bridge, link];
}

function withLinks(change: UplinkChange, facts: Facts): Facts {
  return facts.update(interfacesFact, (links) => linksAfter(change, links));
}

function linksAfter(change: UplinkChange, old: readonly Interface[]): readonly Interface[] {
  const { link, bridge, addresses, after } = change;
  const nic = old.find(({ name }) => name === link);
  const made: Interface = { ...old.find(({ name }) => name === bridge), ...bridgeLink(change, nic, old) };
  const others = old.filter(({ name }) => name !== bridge);
  const [source, target] = direction(change);
  const moved = addresses.map(({ address }) => address);
  return [...others, ...(after.bridge === null ? [] : [made])].map((one): Interface => {
    const mine = one.name === link ? withMaster(one, masterOf(change), after.linkUp) : one;
    if (one.name !== source && one.name !== target) return mine;
    const others = one.addresses.filter((a) => !moved.includes(a));
    return withAddresses(mine, one.name === source ? others : [...others, ...addresses]);
  });
}

function bridgeLink(
  { type, bridge, after, before }: UplinkChange,
  nic: Interface | undefined,
  links: readonly Interface[],
): Interface {
  const old = links.find(({ name }) => name === bridge);
  const ovsKind = (after.bridge ?? before.bridge)?.datapathType === 'netdev' ? 'tun' : 'openvswitch';
  const mac = after.bridge?.mac ?? old?.mac;
  return {
    name: bridge,
    kind: old?.kind ?? (type === 'uplink' ? 'bridge' : ovsKind),
    ...(mac === undefined ? {} : { mac }),
    mtu: old?.mtu ?? nic?.mtu ?? 1500,
    up: after.bridge?.up ?? false,
    addresses: old?.addresses ?? [],
  };
}

/** Open vSwitch's kernel datapath is the master of its ports; its userspace datapath is not. */
function masterOf({ type, bridge, after }: UplinkChange): string | undefined {
  if (!after.member) return undefined;
  if (type === 'uplink') return bridge;
  return after.bridge?.datapathType === 'netdev' ? undefined : 'ovs-system';
}

function withMaster({ master: _, ...link }: Interface, master: string | undefined, up: boolean): Interface {
  return { ...link, up, ...(master === undefined ? {} : { master }) };
}

function withRoutes(change: UplinkChange, facts: Facts): Facts {
  const [source, target] = direction(change);
  return facts.update(routesFact, (routes) =>
    routes.map((route) => {
      const own = typeof route.dst === 'string' && (isLinkLocal(route.dst) || route.dst.startsWith('ff'));
      return route.dev === source && !own ? { ...route, dev: target } : route;
    }),
  );
}

function withRows({ type, link, bridge, after }: UplinkChange, facts: Facts): Facts {
  const database = facts.find(ovsFact);
  if (type === 'uplink' || database === undefined) return facts;
  const { [bridge]: old, ...others } = typeof database === 'string' ? {} : database.bridges;
  const base = typeof database === 'string' ? {} : database;
  if (after.bridge === null) return facts.with(ovsFact, { ...base, bridges: others });
  const { mac, datapathType } = after.bridge;
  const { hwaddr: _, ...config } = old?.otherConfig ?? {};
  const otherConfig = { ...config, ...(mac === undefined ? {} : { hwaddr: mac }) };
  const { [link]: port, ...ports } = old?.ports ?? { [bridge]: { type: 'internal' } };
  const row: OvsBridge = tidy({
    ...(old ?? { externalIds: { [bridgeTag]: 'bridge_uplink' } }),
    datapathType,
    otherConfig: Object.keys(otherConfig).length === 0 ? undefined : otherConfig,
    ports: after.member ? { ...ports, [link]: port ?? {} } : ports,
  });
  return facts.with(ovsFact, { ...base, bridges: { ...others, [bridge]: row } });
}
