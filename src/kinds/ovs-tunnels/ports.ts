import type { OvsDatabase, OvsPort, PortSettings } from '../../facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../../facts/ovs/tags.ts';
import { takesAny, tunnelConfig, tunnelsOverlap } from '../../facts/ovs/tunnel.ts';
import { entry } from '../../json/records.ts';
import type { Problem } from '../define-kind.ts';

/** The wanted port of a tunnel, whatever has its name now. */
export interface DesiredPort {
  readonly name: string;
  readonly settings: PortSettings;
}

/** The same ports under the names that they have or get, and what prevents some. */
export interface AssignedPorts {
  readonly ports: ReadonlyMap<string, PortSettings>;
  readonly problems: readonly Problem[];
}

interface FoundPort {
  readonly name: string;
  readonly bridge: string;
  readonly port: OvsPort;
}

/**
 * Open vSwitch refuses a port that is the same tunnel as another (`tunnelConfig`), even if the transaction that makes
 * it deletes the other one (seen with 3.1). So an existing tunnel keeps its port, whatever its name and its earlier
 * peer and overlay: when hosts or overlays are renamed, or swap names, addresses or keys, tags change and packets keep
 * flowing. A new tunnel gets the port that its peer had, otherwise a new port. So no port of ours on the bridge
 * becomes the tunnel that another is before or after the transaction, nor in its undo.
 */
export function assignPorts(
  wanted: readonly DesiredPort[],
  bridge: string,
  overlay: string,
  database: OvsDatabase,
): AssignedPorts {
  const all = allPorts(database);
  const ours = all.filter((found) => found.bridge === bridge && overlayOf(found.port) !== undefined);
  const names = new Map<DesiredPort, string>();
  const claimed = new Set<string>();
  for (const finder of ours.length === 0 ? [] : [sameTunnel, samePeer, sameName]) {
    const find = finder(
      ours.filter(({ name }) => !claimed.has(name)),
      overlay,
    );
    for (const one of wanted) {
      const name = names.has(one) ? undefined : find(one);
      if (name === undefined || claimed.has(name)) continue;
      names.set(one, name);
      claimed.add(name);
    }
  }
  const holders = new Map(all.map((found) => [found.name, found]));
  const used = new Set([...holders.keys(), ...wanted.map(({ name }) => name)]);
  // Two bridges with tunnels of one overlay may lead to one network, and form a loop.
  const elsewhere = wanted.length === 0 ? [] : all.filter((found) => isElsewhere(found, bridge, overlay));
  const inTheWay = new Map<FoundPort, Problem>(elsewhere.map((found) => [found, onOther(found)]));
  for (const one of wanted) {
    if (names.has(one)) continue;
    const holder = holders.get(one.name);
    names.set(one, holder === undefined ? one.name : freeName(one.name, used));
    if (holder !== undefined && overlayOf(holder.port) === undefined) inTheWay.set(holder, notOurs(holder));
  }
  const ports = new Map(wanted.map((one) => [names.get(one) as string, one.settings]));
  const held = heldTunnels(all, new Set(ours), database, bridge);
  const loose = [...held.values()].filter(({ port }) => takesAny(port));
  for (const [name, settings] of held.size === 0 ? [] : ports) {
    const config = tunnelConfig(settings);
    const holder = held.get(config ?? '');
    const own = holders.get(name)?.port;
    const works = own !== undefined && own.error === undefined && tunnelConfig(own) === config;
    const rival = holder === undefined && !works ? overlapping(settings, held, loose) : undefined;
    if (rival !== undefined && !inTheWay.has(rival)) inTheWay.set(rival, overlaps(name, rival));
    if (holder === undefined || works || inTheWay.has(holder)) continue;
    inTheWay.set(holder, sameAs(name, settings, holder));
  }
  return { ports, problems: [...inTheWay.values()] };
}

type Find = (one: DesiredPort) => string | undefined;

/** Of several, which only a failed change can have left, the one that works, or that has the right tags. */
function sameTunnel(free: readonly FoundPort[], overlay: string): Find {
  const found = new Map<string, FoundPort[]>();
  for (const one of free) {
    const config = tunnelConfig(one.port);
    if (config !== undefined) found.set(config, [...(found.get(config) ?? []), one]);
  }
  if (found.size === 0) return () => undefined;
  return ({ settings }) => {
    const same = found.get(tunnelConfig(settings) ?? '') ?? [];
    const rank = ({ port }: FoundPort) =>
      (port.error === undefined ? 0 : 4) +
      (overlayOf(port) === overlay ? 0 : 2) +
      (peerOf(port) === peerOf(settings) ? 0 : 1);
    return [...same].sort((a, b) => rank(a) - rank(b))[0]?.name;
  };
}

function samePeer(free: readonly FoundPort[], overlay: string): Find {
  const own = free.filter(({ port }) => overlayOf(port) === overlay);
  const found = new Map(own.map(({ name, port }) => [peerOf(port), name]));
  return ({ settings }) => found.get(peerOf(settings));
}

function sameName(free: readonly FoundPort[], overlay: string): Find {
  const own = new Set(free.filter(({ port }) => overlayOf(port) === overlay).map(({ name }) => name));
  return ({ name }) => (own.has(name) ? name : undefined);
}

/** As near to `name` as the length of interface names allows. */
function freeName(name: string, used: Set<string>): string {
  for (let i = 2; ; i++) {
    const other = `${name.slice(0, 14 - `${i}`.length)}_${i}`;
    if (used.has(other)) continue;
    used.add(other);
    return other;
  }
}

/** The tunnels of all other ports of the bridge's datapath. */
function heldTunnels(
  all: readonly FoundPort[],
  ours: ReadonlySet<FoundPort>,
  { bridges }: OvsDatabase,
  bridge: string,
): ReadonlyMap<string, FoundPort> {
  const datapath = (name: string) => entry(bridges, name)?.datapathType;
  const held = new Map<string, FoundPort>();
  for (const one of all) {
    if (ours.has(one) || datapath(one.bridge) !== datapath(bridge)) continue;
    const config = tunnelConfig(one.port);
    if (config !== undefined) held.set(config, one);
  }
  return held;
}

/** `loose`: those of the held ports that accept any sender, receiver or key. Usually there are none. */
function overlapping(
  settings: PortSettings,
  held: ReadonlyMap<string, FoundPort>,
  loose: readonly FoundPort[],
): FoundPort | undefined {
  const rivals = takesAny(settings) ? [...held.values()] : loose;
  return rivals.find(({ port }) => tunnelsOverlap(settings, port));
}

function isElsewhere({ bridge, port }: FoundPort, wanted: string, overlay: string): boolean {
  return overlayOf(port) === overlay && bridge !== wanted;
}

function allPorts({ bridges }: OvsDatabase): FoundPort[] {
  return Object.entries(bridges).flatMap(([bridge, { ports }]) =>
    Object.entries(ports).map(([name, port]) => ({ name, bridge, port })),
  );
}

/** The overlay of a port; undefined: not one of our ports. */
export function overlayOf({ externalIds = {} }: PortSettings): string | undefined {
  return entry(externalIds, overlayTag);
}

function peerOf({ externalIds = {} }: PortSettings): string | undefined {
  return entry(externalIds, peerTag);
}

function onOther({ name, bridge }: FoundPort): Problem {
  return {
    code: 'port-elsewhere',
    message: `${name} is a port of this overlay on the bridge ${bridge}`,
    hint: `take the tunnels off ${bridge} first: with --prune if no step names it any more, or with a step that says state: absent`,
  };
}

function notOurs({ name, bridge }: FoundPort): Problem {
  return {
    code: 'port-not-ours',
    message: `${name} exists on the bridge ${bridge}, and meshbook didn't make it for this overlay`,
    hint: `delete it: ovs-vsctl --timeout=10 del-port ${name}`,
  };
}

function overlaps(name: string, { name: other, bridge, port }: FoundPort): Problem {
  const { options: { remote_ip: remote = '', local_ip: local, key } = {} } = port;
  const takes = [
    ...(remote === 'flow' ? ['from any address'] : []),
    ...(local === undefined || local === 'flow' ? ['to any address'] : []),
    ...(key === 'flow' ? ['with any key'] : []),
  ];
  return {
    code: 'tunnels-overlap',
    message: `${name} would get packets that ${other} on the bridge ${bridge} gets now: it takes those ${takes.join(' ')}, and Open vSwitch prefers the port that says more`,
    hint: `give the overlay another key or dst_port, or ${other} the addresses and the key of its own packets`,
  };
}

function sameAs(name: string, { options = {} }: PortSettings, holder: FoundPort): Problem {
  const overlay = overlayOf(holder.port);
  const whose = overlay === undefined ? '' : ` of overlay '${overlay}'`;
  return {
    code: 'same-tunnel',
    message: `${name} would be the same tunnel to ${options.remote_ip} as ${holder.name}${whose} on the bridge ${holder.bridge}, and Open vSwitch takes only one`,
    hint:
      overlay === undefined
        ? `delete the other one, ovs-vsctl --timeout=10 del-port ${holder.name}, or give the overlay another key`
        : `remove the other one first, by ovs_tunnels with bridge: ${holder.bridge}, overlay: ${overlay} and state: absent, or give one of the overlays another key`,
  };
}
