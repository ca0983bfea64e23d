import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact } from '../../facts/interfaces.ts';
import { type OvsBridge, type OvsDatabase, type OvsPort, ovsFact } from '../../facts/ovs/ovs.ts';
import { entry } from '../../json/records.ts';
import type { OvsdbChange } from './change.ts';

/** The facts after an OVSDB transaction: the rows, and the interfaces of internal ports. */
export function predictOvsdb(change: OvsdbChange, facts: Facts): Facts {
  const known = facts.find(ovsFact);
  if (known === undefined) return facts;
  const database: OvsDatabase = typeof known === 'string' ? { bridges: {} } : known;
  const old = entry(database.bridges, change.bridge);
  const bridge = bridgeAfter(change, old);
  const { [change.bridge]: _, ...others } = database.bridges;
  const bridges = bridge === undefined ? others : { ...others, [change.bridge]: bridge };
  return facts
    .with(ovsFact, { ...database, bridges })
    .update(interfacesFact, (links) => interfacesAfter(change.bridge, links, old, bridge));
}

function bridgeAfter(
  { bridge, after, ports }: OvsdbChange,
  old: OvsBridge | undefined,
): OvsBridge | undefined {
  if (after === null) return undefined;
  const next: Record<string, OvsPort> = { ...(old?.ports ?? { [bridge]: { type: 'internal' } }) };
  for (const { name, after: settings } of ports) {
    if (settings === null) delete next[name];
    else next[name] = settings;
  }
  return { ...after, ...(old?.other === undefined ? {} : { other: old.other }), ports: next };
}

/** The host's interfaces of the bridge's internal ports: they come and go with their rows, and with the datapath. */
function interfacesAfter(
  name: string,
  links: readonly Interface[],
  old: OvsBridge | undefined,
  bridge: OvsBridge | undefined,
): readonly Interface[] {
  const remade = old?.datapathType !== bridge?.datapathType;
  const before = internalPorts(old);
  const after = internalPorts(bridge);
  const kept = links.filter((link) => !before.has(link.name) || (after.has(link.name) && !remade));
  const there = new Set(kept.map((link) => link.name));
  const made = [...after.keys()].filter((port) => !there.has(port));
  const kind = bridge?.datapathType === 'netdev' ? 'tun' : 'openvswitch';
  const mac = bridge?.otherConfig?.hwaddr;
  return [...kept, ...made.map((port) => ({ name: port, kind, mtu: 1500, up: false, addresses: [] }))].map(
    (link) => {
      const mtu = after.get(link.name)?.mtuRequest;
      const own = link.name === name && mac !== undefined;
      if (mtu === undefined && !own) return link;
      return { ...link, ...(mtu === undefined ? {} : { mtu }), ...(own ? { mac } : {}) };
    },
  );
}

function internalPorts(bridge: OvsBridge | undefined): ReadonlyMap<string, OvsPort> {
  const internal = new Map<string, OvsPort>();
  const { ports = {} } = bridge ?? {};
  for (const name of Object.keys(ports)) {
    const port = ports[name];
    if (port?.type === 'internal') internal.set(name, port);
  }
  return internal;
}
