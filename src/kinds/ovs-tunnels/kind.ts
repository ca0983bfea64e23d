import type { PortChange } from '../../changes/ovsdb/change.ts';
import type { Change } from '../../changes/registry.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { FactQuery, Facts } from '../../facts/fact.ts';
import { interfacesFact } from '../../facts/interfaces.ts';
import type { BridgeSettings, OvsBridge, OvsDatabase, OvsPort, PortSettings } from '../../facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../../facts/ovs/tags.ts';
import { udpPort } from '../../facts/ovs/tunnel.ts';
import { udpPortFact } from '../../facts/udp-port.ts';
import { entry, tidy } from '../../json/records.ts';
import type { HostOverlay, Peer } from '../../model/host-overlay.ts';
import { defineKind, type KindPlan, type Problem, type View } from '../define-kind.ts';
import {
  notRestorable,
  openVswitch,
  openVswitchFacts,
  openVswitchIfAny,
  openVswitchPackage,
  ownSettings,
} from '../shared/open-vswitch.ts';
import { assignPorts, type DesiredPort, overlayOf } from './ports.ts';
import { guard, interrupts, withoutGuard, withoutOurRstp, withRstp } from './rstp.ts';

export default defineKind({
  name: 'ovs_tunnels',
  summary: 'An Open vSwitch bridge has exactly one tunnel port to every peer of an overlay.',
  description: `All ports are made, changed and deleted in one OVSDB transaction. A port of the overlay whose peer is gone is deleted.
The bridge's internal port gets the overlay's MTU.

A new port is named after the overlay and its peer. If hosts or overlays are later renamed, or swap names, an existing
tunnel keeps its port and the port its name: only the tags change, and traffic continues. \`${peerTag}\` shows which
peer a port belongs to.

Loop protection comes with the ports, in the same transaction. In a full mesh the ports are protected: they don't
forward to each other. In a ring, and wherever \`links\` form a cycle, the bridge gets RSTP (\`rstp_enable\`), which
affects all its ports. RSTP stays when the overlay no longer needs it, because other bridges may depend on it; it is
removed with the last ports (\`state: absent\`) if meshbook enabled it. The ports of such an overlay get BFD
(\`bfd:enable\`): a link that doesn't pass packets both ways is closed, and one that comes back stays closed until RSTP
has agreed on it. They also don't open just because nothing is received (\`rstp-port-auto-edge=false\`). It needs Open
vSwitch 2.8. A hub and a chain need none of this.

A tunnel's source is the host's underlay address, if an interface of the host has it; behind a NAT the kernel chooses
it. Ports have \`${overlayTag}\` and \`${peerTag}\` in their external_ids; only such ports are deleted. It is an error if
someone else's port has a name that is needed, or is already the same tunnel. Options and external_ids that others
have added to a port stay.

Afterwards every port is checked: if Open vSwitch could not set one up, the step fails. Undo deletes the ports that
the run made, and restores or recreates the others.`,
  params: {
    type: 'object',
    properties: {
      bridge: {
        type: 'string',
        format: 'interface-name',
        description: 'The Open vSwitch bridge that gets the ports.',
      },
      overlay: { type: 'string', description: 'The overlay, by its name in the inventory or the playbook.' },
      state: {
        enum: ['present', 'absent'],
        description: "Whether the overlay's ports exist on the bridge. Default: `present`.",
      },
    },
    required: ['bridge', 'overlay'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A tunnel to every peer', params: { bridge: 'ovs_bridge', overlay: 'lab' } },
    { title: 'No tunnels', params: { bridge: 'ovs_bridge', overlay: 'lab', state: 'absent' } },
  ],
  check: ({ overlay, state }, view) =>
    state === 'absent' || view.overlays.has(overlay) ? [] : [unknownOverlay(overlay, view)],
  describes: ({ bridge, overlay, state }) =>
    state === 'absent'
      ? [{ is: 'tunnels', does: 'removes', overlay, bridge }]
      : [
          { is: 'package', does: 'uses', name: openVswitchPackage },
          { is: 'tunnels', does: 'makes', overlay, bridge },
        ],
  wires: true,
  takesAway: (thing) =>
    thing.is === 'tunnels' ? { bridge: thing.bridge, overlay: thing.overlay, state: 'absent' } : undefined,
  facts: ({ overlay, state }, view) => [
    ...openVswitchFacts,
    interfacesFact,
    ...(state === 'absent' ? [] : portFacts(view.overlays.get(overlay))),
  ],
  plan: ({ bridge: name, overlay: overlayName, state = 'present' }, facts, view) => {
    const overlay = view.overlays.get(overlayName);
    if (state === 'absent') return planAbsent(name, overlayName, overlay, facts);
    if (overlay === undefined) return refused(unknownOverlay(overlayName, view));
    const database = openVswitch(facts);
    if ('code' in database) return refused(database);
    const bridge = entry(database.bridges, name);
    if (bridge === undefined) return refused(unknownBridge(name, database));
    const { ports: wanted, problems: inTheWay } = assignPorts(
      desiredPorts(overlay, facts),
      name,
      overlayName,
      database,
    );
    const problems = [...inTheWay, ...narrowUnderlay(overlay, facts)];
    if (problems.length > 0) return { changes: [], problems };
    const ports = [
      ...obsolete(bridge, overlayName, wanted),
      ...[...wanted].flatMap(([port, settings]) => portChange(port, entry(bridge.ports, port), settings)),
      ...mtuChange(name, bridge, lowestMtu(bridge, overlay, view)),
    ];
    const after = overlay.protection === 'rstp' ? withRstp(ownSettings(bridge), overlayName) : undefined;
    return { ...planOf(name, bridge, ports, after), unknowns: errors(bridge, wanted, ports) };
  },
});

function planAbsent(
  name: string,
  overlayName: string,
  overlay: HostOverlay | undefined,
  facts: Facts,
): KindPlan {
  const database = openVswitchIfAny(facts);
  if ('code' in database) return refused(database);
  const bridge = entry(database.bridges, name);
  if (bridge === undefined) return { changes: [] };
  const ports = obsolete(bridge, overlayName, new Map());
  const last = Object.values(bridge.ports).every((port) =>
    [undefined, overlayName].includes(overlayOf(port)),
  );
  const reset = last && overlay !== undefined && entry(bridge.ports, name)?.mtuRequest === overlay.mtu;
  const after = last ? withoutOurRstp(ownSettings(bridge)) : undefined;
  return planOf(name, bridge, [...ports, ...(reset ? mtuChange(name, bridge, undefined) : [])], after);
}

function planOf(
  name: string,
  bridge: OvsBridge,
  ports: readonly PortChange[],
  after: BridgeSettings | undefined,
): KindPlan {
  const before = ownSettings(bridge);
  if (ports.length === 0 && after === undefined) return { changes: [] };
  const problems = ports.flatMap(({ name: port, after: settings }) =>
    settings === null ? notRestorable('port', port, Object.keys(entry(bridge.ports, port)?.other ?? {})) : [],
  );
  if (problems.length > 0) return { changes: [], problems };
  const change: Change = { type: 'ovsdb', bridge: name, before, after: after ?? before, ports };
  return { changes: [interrupts(bridge, after, ports) ? { ...change, risks: ['drops-traffic'] } : change] };
}

/** For the lint that reports ports of others. */
function portFacts(overlay: HostOverlay | undefined): FactQuery<unknown>[] {
  const port = overlay && udpPort(overlay.tunnel, overlay.dstPort?.toString());
  return port === undefined ? [] : [udpPortFact(Number(port))];
}

function desiredPorts(overlay: HostOverlay, facts: Facts): DesiredPort[] {
  const { underlayAddress, key, dstPort } = overlay;
  const local = facts
    .get(interfacesFact)
    .some(({ addresses }) => addresses.some((address) => address.startsWith(`${underlayAddress}/`)));
  const common = {
    ...(local ? { local_ip: underlayAddress } : {}),
    ...(key === undefined ? {} : { key: `${key}` }),
    ...(dstPort === undefined ? {} : { dst_port: `${dstPort}` }),
  };
  const port = (peer: Peer): PortSettings => ({
    type: overlay.tunnel,
    options: { ...common, remote_ip: peer.remoteAddress },
    ...(overlay.protection === 'protected' ? { protected: true } : {}),
    ...(overlay.protection === 'rstp' ? guard : {}),
    externalIds: tagsOf(overlay.name, peer),
  });
  return overlay.peers.map((peer) => ({ name: peer.port, settings: port(peer) }));
}

/**
 * One value for all hosts that have this peer, as they share the peer. It depends on the arguments alone; a mesh of
 * 1,000 hosts has a million ports, and takes 90 MB less this way (measured).
 */
function tagsOf(overlay: string, peer: Peer): Readonly<Record<string, string>> {
  const known = sharedTags.get(peer);
  if (known?.[overlayTag] === overlay) return known;
  const tags = { [overlayTag]: overlay, [peerTag]: peer.host };
  sharedTags.set(peer, tags);
  return tags;
}

const sharedTags = new WeakMap<Peer, Readonly<Record<string, string>>>();

/** The interface with the underlay address must have the MTU on which the overlay's MTU is based. */
function narrowUnderlay({ name, underlayAddress, underlayMtu }: HostOverlay, facts: Facts): Problem[] {
  const link = facts
    .get(interfacesFact)
    .find(({ addresses }) => addresses.some((address) => address.startsWith(`${underlayAddress}/`)));
  if (link === undefined || link.mtu >= underlayMtu) return [];
  return [
    {
      code: 'underlay-mtu',
      message: `${link.name}, which has ${underlayAddress}, carries ${link.mtu} bytes, less than overlay '${name}' counts on`,
      path: ['overlay'],
      hint: `write underlay_mtu: ${link.mtu} in the overlay, which is ${underlayMtu} now, or raise the MTU of ${link.name}`,
    },
  ];
}

function portChange(name: string, existing: OvsPort | undefined, wanted: PortSettings): PortChange[] {
  if (existing === undefined) return [{ name, before: null, after: wanted }];
  const before = settingsOf(existing);
  const { key: _, local_ip: __, dst_port: ___, ...options } = before.options ?? {};
  const { protected: ____, ...kept } = withoutGuard(before);
  const after = tidy({
    ...kept,
    ...wanted,
    options: { ...options, ...wanted.options },
    externalIds: { ...before.externalIds, ...wanted.externalIds },
    otherConfig: wanted.otherConfig ? { ...kept.otherConfig, ...wanted.otherConfig } : kept.otherConfig,
    bfd: wanted.bfd ? { ...kept.bfd, ...wanted.bfd } : kept.bfd,
  });
  return same(before, after) ? [] : [{ name, before, after }];
}

/** Whether two ports have equal settings, whatever the order of their maps' keys. */
function same(a: PortSettings, b: PortSettings): boolean {
  const text = ({ options = {}, externalIds = {}, otherConfig = {}, bfd = {}, ...rest }: PortSettings) =>
    JSON.stringify(
      [options, externalIds, otherConfig, bfd, rest].map((map) =>
        Object.entries(map).sort(([x], [y]) => (x < y ? -1 : 1)),
      ),
    );
  return text(a) === text(b);
}

function obsolete(bridge: OvsBridge, overlay: string, wanted: ReadonlyMap<string, unknown>): PortChange[] {
  return Object.entries(bridge.ports)
    .filter(([name, port]) => overlayOf(port) === overlay && !wanted.has(name))
    .map(([name, port]) => ({ name, before: settingsOf(port), after: null }));
}

function mtuChange(name: string, bridge: OvsBridge, mtu: number | undefined): PortChange[] {
  const before = settingsOf(entry(bridge.ports, name) ?? { type: 'internal' });
  return before.mtuRequest === mtu ? [] : [{ name, before, after: tidy({ ...before, mtuRequest: mtu }) }];
}

/** Several overlays may share a bridge; what leaves through it must fit into each of them. */
function lowestMtu(bridge: OvsBridge, overlay: HostOverlay, view: View): number {
  const names = new Set(Object.values(bridge.ports).flatMap((port) => overlayOf(port) ?? []));
  const mtus = [...names].flatMap((name) => view.overlays.get(name)?.mtu ?? []);
  return Math.min(overlay.mtu, ...mtus);
}

/** Ports with the right settings that still don't work. */
function errors(
  bridge: OvsBridge,
  wanted: ReadonlyMap<string, unknown>,
  ports: readonly PortChange[],
): string[] {
  const broken = Object.entries(bridge.ports).filter(
    ([name, { error }]) => error !== undefined && wanted.has(name),
  );
  if (broken.length === 0) return [];
  const changed = new Set(ports.map(({ name }) => name));
  return broken.flatMap(([name, { error }]) =>
    changed.has(name) ? [] : [`Open vSwitch can't set up ${name}: ${error}`],
  );
}

function settingsOf({ error: _, other: __, ...settings }: OvsPort): PortSettings {
  return settings;
}

function refused(problem: Problem): KindPlan {
  return { changes: [], problems: [problem] };
}

function unknownOverlay(name: string, view: View): Problem {
  const known = [...view.overlays.keys()];
  const all = known.length === 0 ? 'it is in none' : `it is in: ${known.join(', ')}`;
  return {
    code: 'unknown-overlay',
    message: `the host is in no overlay named '${name}'`,
    path: ['overlay'],
    hint: didYouMean(name, known) ?? all,
  };
}

function unknownBridge(name: string, { bridges }: OvsDatabase): Problem {
  return {
    code: 'unknown-bridge',
    message: `the host has no Open vSwitch bridge named ${name}`,
    path: ['bridge'],
    hint: didYouMean(name, Object.keys(bridges)) ?? 'put an ovs_bridge step before this one',
  };
}
