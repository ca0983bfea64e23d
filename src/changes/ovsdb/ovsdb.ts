import { bridgeSettingsSchema, ovsFact, portSettingsSchema } from '../../facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../../facts/ovs/tags.ts';
import { argument, closed, either, list, nothing, recordOf } from '../../facts/schema.ts';
import { lines, raw, type Sh, sh } from '../../sh/sh.ts';
import { changeSchema, networkPaths, none, type Primitive, type TunnelEnd } from '../change.ts';
import { thing } from '../thing.ts';
import type { OvsdbChange, PortChange } from './change.ts';
import { ovsdbMarks, ovsdbTraces } from './marks.ts';
import { ovsdbParts } from './parts.ts';
import { predictOvsdb } from './predict.ts';
import { ovsdbFields, ovsdbTitle } from './view.ts';
import { bridgeCommands, mustBeSetUp, ovsVsctl, portCommands } from './vsctl.ts';

const bridge = either(closed(bridgeSettingsSchema), nothing);
const port = either(closed(portSettingsSchema), nothing);

export const ovsdbPrimitive: Primitive<OvsdbChange> = {
  type: 'ovsdb',
  schema: changeSchema<OvsdbChange>('ovsdb', {
    bridge: argument,
    before: bridge,
    after: bridge,
    ports: list(recordOf<PortChange>({ name: argument, before: port, after: port })),
  }),
  scope: 'ovsdb',
  paths: () => [...networkPaths, '/etc/openvswitch', '/var/lib/openvswitch', '/var/log/openvswitch'],
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: ({ bridge, ports }) => [bridge, ...ports.map(({ name }) => name)].map((name) => thing.link(name)),
  moves: ({ bridge, ports }) =>
    ports.flatMap(({ name, after }) => (after === null ? [] : [{ link: name, through: bridge }])),
  tunnelEnds: ({ ports }) => ports.flatMap(tunnelEnd),
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: ovsdbMarks,
  title: ovsdbTitle,
  fields: ovsdbFields,
  predict: predictOvsdb,
  apply: (change) => lines(transaction(change, 'apply'), check(change)),
  undo: (change) => transaction(change, 'undo'),
  recheck: {
    queries: () => [ovsFact],
    parts: ovsdbParts,
    makes: ({ bridge, before, after, ports }) => [
      ...(before === null ? [thing.ovsBridge(bridge), thing.link(bridge)] : []),
      ...ports.flatMap((port) => (port.before === null ? [thing.link(port.name)] : [])),
      ...(after === null ? [] : [thing.settings(bridge)]),
    ],
    uses: ({ bridge }) => [thing.ovsBridge(bridge)],
    leaves: ovsdbTraces,
    within: (part, value) => {
      const bridge = /^on (.*)/.exec(typeof value === 'string' ? value : '')?.[1];
      return part.startsWith('OVS port ') && bridge !== undefined ? `OVS bridge ${bridge}` : undefined;
    },
  },
};

/** The tags of a port are the overlay and the peer of its tunnel. */
function tunnelEnd({ name: port, before, after }: PortChange): TunnelEnd[] {
  const of = (tags: Readonly<Record<string, string>> = {}) => {
    const { [overlayTag]: overlay, [peerTag]: peer } = tags;
    return overlay === undefined || peer === undefined ? undefined : { overlay, peer };
  };
  const was = of(before?.externalIds);
  // What a change leaves out is unchanged.
  const will = after === null ? undefined : of(after.externalIds ?? before?.externalIds);
  if (was === undefined && will === undefined) return [];
  const state = before === null ? 'create' : after === null ? 'delete' : 'update';
  return [{ port, state, ...(was && { before: was }), ...(will && { after: will }) }];
}

/** One function for both directions: they differ in which state is the old one, and in what may be missing. */
function transaction(change: OvsdbChange, direction: 'apply' | 'undo'): Sh {
  const undo = direction === 'undo';
  const states = <T>(item: { readonly before: T; readonly after: T }): [from: T, to: T] =>
    undo ? [item.after, item.before] : [item.before, item.after];
  const [from, to] = states(change);
  const commands = [
    ...bridgeCommands(change.bridge, from, to, undo),
    // Ports are deleted with their bridge.
    ...(to === null
      ? []
      : change.ports.flatMap((port) => portCommands(change.bridge, port.name, ...states(port), undo))),
  ];
  if (commands.length === 0) return raw('');
  const words = commands.flatMap((command) => ['--', ...command]);
  const run = ovsVsctl(direction, seconds(change), words);
  return undo && from !== null ? lines(unlessGone(change.bridge), run) : run;
}

/** If a bridge is gone, so are its ports; if Open vSwitch is, so is everything. */
function unlessGone(bridge: string): Sh {
  return lines(
    raw('command -v ovs-vsctl >/dev/null || exit 0'),
    sh`there=0; ovs-vsctl --no-wait --timeout=20 br-exists ${bridge} || there=$?`,
    // ovs-vsctl(8): 2 means that there is no such bridge; other failures, that it can't tell.
    raw('if [ "$there" = 2 ]; then exit 0; fi'),
  );
}

/** ovs-vsctl returns once ovs-vswitchd has done everything; without a limit it waits for ever. */
function seconds({ ports }: OvsdbChange): number {
  return 20 + Math.ceil(ports.length / 10);
}

/** Everything created or updated must be in place. */
function check({ bridge, before, after, ports }: OvsdbChange): Sh | undefined {
  if (after === null) return undefined;
  const names = new Set(ports.flatMap((port) => (port.after === null ? [] : [port.name])));
  const remade = before === null || before.datapathType !== after.datapathType;
  if (remade) names.add(bridge);
  if (names.size === 0) return undefined;
  return mustBeSetUp([...names], remade ? { bridge, datapathType: after.datapathType } : undefined);
}
