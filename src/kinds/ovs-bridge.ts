import type { Change } from '../changes/registry.ts';
import { withdraw } from '../changes/withdraw.ts';
import type { Facts } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import type { BridgeSettings, OvsBridge } from '../facts/ovs/ovs.ts';
import { bridgeTag } from '../facts/ovs/tags.ts';
import { entry, tidy } from '../json/records.ts';
import { defineKind, type KindPlan, type Problem } from './define-kind.ts';
import { macProblems, normalMac } from './shared/bridge.ts';
import {
  datapathFacts,
  notRestorable,
  openVswitch,
  openVswitchFacts,
  openVswitchIfAny,
  openVswitchPackage,
  ownSettings,
  withoutModule,
} from './shared/open-vswitch.ts';

export default defineKind({
  name: 'ovs_bridge',
  summary: 'An Open vSwitch bridge exists with this datapath.',
  description: `Makes the bridge, or changes what differs on an existing one; its ports, its other settings and its flows stay as they
are. The bridge's internal port, an interface with the bridge's name, is made with it. It has no address and is down
until another step changes that.

Undo deletes a bridge that the run made, with its ports; on an existing one it restores what the run set. Changing a
bridge's datapath recreates its internal port, so its traffic stops for a moment; its addresses and its membership in
a Linux bridge are restored.

With \`state: absent\` the bridge is deleted with all its ports. Undo makes them again, except OpenFlow flows that
someone added; a MAC address that Open vSwitch chose is chosen again. A bridge with settings that meshbook can't
restore (controllers, mirrors, bonds, QoS) is refused.`,
  params: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        format: 'interface-name',
        description: "The bridge's name, at most 15 characters.",
      },
      datapath: {
        enum: ['system', 'netdev'],
        description:
          'Where packets are switched: `system`, in the kernel, or `netdev`, in user space, which needs no kernel module. Default: `system`.',
      },
      mac: {
        type: 'string',
        format: 'mac',
        description: "The internal port's MAC address. Default: Open vSwitch chooses a random one.",
      },
      state: {
        enum: ['present', 'absent'],
        description: 'Whether the bridge exists. Default: `present`.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A bridge for tunnels', params: { name: 'ovs_bridge' } },
    { title: 'Without the kernel module', params: { name: 'ovs_bridge', datapath: 'netdev' } },
    { title: 'No such bridge', params: { name: 'ovs_bridge', state: 'absent' } },
  ],
  check: ({ mac }) => macProblems(mac),
  describes: ({ name, mac, state }) =>
    state === 'absent'
      ? [{ is: 'link', does: 'removes', name, type: 'ovs' }]
      : [
          { is: 'package', does: 'uses', name: openVswitchPackage },
          { is: 'link', does: 'makes', name, type: 'ovs', mac },
        ],
  takesAway: (thing) =>
    thing.is === 'link' && thing.type === 'ovs' ? { name: thing.name, state: 'absent' } : undefined,
  facts: ({ datapath = 'system', state }) => [
    ...openVswitchFacts,
    interfacesFact,
    ...(state === 'absent' ? [] : datapathFacts(datapath)),
  ],
  plan: ({ name, datapath = 'system', mac, state = 'present' }, facts) => {
    if (state === 'absent') return planAbsent(name, facts);
    const database = openVswitch(facts);
    if ('code' in database) return { changes: [], problems: [database] };
    const existing = entry(database.bridges, name);
    const wanted = {
      ...(datapath === 'netdev' ? { datapathType: datapath } : {}),
      ...(mac === undefined ? {} : { mac: normalMac(mac) }),
    };
    const problems =
      datapath === 'system' && (existing === undefined || existing.datapathType !== undefined)
        ? withoutModule(facts)
        : [];
    if (problems.length > 0) return { changes: [], problems };
    return existing === undefined
      ? planNew(name, wanted, facts)
      : planExisting(name, existing, wanted, facts);
  },
});

interface DesiredBridge {
  readonly datapathType?: string;
  readonly mac?: string;
}

function planNew(name: string, wanted: DesiredBridge, facts: Facts): KindPlan {
  const taken = facts.get(interfacesFact).find((link) => link.name === name);
  if (taken !== undefined) {
    const problem: Problem = {
      code: 'name-taken',
      message: `an interface named ${name} exists and is not an Open vSwitch bridge`,
      path: ['name'],
      hint: 'choose another name, or remove that interface first',
    };
    return { changes: [], problems: [problem] };
  }
  const after = settings({ externalIds: { [bridgeTag]: 'ovs_bridge' } }, wanted);
  return { changes: [{ type: 'ovsdb', bridge: name, before: null, after, ports: [] }] };
}

function planExisting(name: string, existing: OvsBridge, wanted: DesiredBridge, facts: Facts): KindPlan {
  const before = ownSettings(existing);
  const after = settings(before, wanted);
  const macDiffers = wanted.mac !== undefined && before.otherConfig?.hwaddr !== wanted.mac;
  if (before.datapathType === after.datapathType) {
    return { changes: macDiffers ? [{ type: 'ovsdb', bridge: name, before, after, ports: [] }] : [] };
  }
  const withdrawn = withdrawInternal(existing, facts);
  const change: Change = { type: 'ovsdb', bridge: name, before, after, ports: [], risks: ['drops-traffic'] };
  return { changes: [...withdrawn, change, ...withdrawn.map(swapped).reverse()] };
}

/** The undo of a withdrawal, as a change of its own. */
function swapped(change: ReturnType<typeof withdraw>[number]): Change {
  return { ...change, before: change.after, after: change.before } as Change;
}

function planAbsent(name: string, facts: Facts): KindPlan {
  const database = openVswitchIfAny(facts);
  if ('code' in database) return { changes: [], problems: [database] };
  const existing = entry(database.bridges, name);
  if (existing === undefined) return { changes: [] };
  const problems = notRestorable('bridge', name, beyondRestoring(name, existing));
  if (problems.length > 0) return { changes: [], problems };
  const ports = Object.entries(existing.ports).map(([port, { error: _, other: __, ...before }]) => ({
    name: port,
    before,
    after: null,
  }));
  const deletion: Change = {
    type: 'ovsdb',
    bridge: name,
    before: ownSettings(existing),
    after: null,
    ports,
    risks: ['drops-traffic'],
  };
  return { changes: [...withdrawInternal(existing, facts), deletion] };
}

/** What the bridge and its ports have that a change can't contain. */
function beyondRestoring(name: string, { other, ports }: OvsBridge): string[] {
  return [
    ...Object.keys(other ?? {}).map((column) => `${name} ${column}`),
    ...Object.entries(ports).flatMap(([port, p]) =>
      Object.keys(p.other ?? {}).map((column) => `${port} ${column}`),
    ),
  ];
}

function withdrawInternal({ ports }: OvsBridge, facts: Facts) {
  return facts
    .get(interfacesFact)
    .filter((link) => entry(ports, link.name)?.type === 'internal')
    .flatMap(withdraw);
}

function settings(base: BridgeSettings, { datapathType, mac }: DesiredBridge): BridgeSettings {
  return tidy({
    ...base,
    datapathType,
    otherConfig: mac === undefined ? base.otherConfig : { ...base.otherConfig, hwaddr: mac },
  });
}
