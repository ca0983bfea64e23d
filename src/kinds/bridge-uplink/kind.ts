import type { UplinkChange, UplinkState } from '../../changes/uplink/change.ts';
import type { Facts } from '../../facts/fact.ts';
import { interfacesFact } from '../../facts/interfaces.ts';
import { routesFact } from '../../facts/routes.ts';
import type { Edit } from '../../persistence/backend.ts';
import { ifupdown } from '../../persistence/ifupdown/backend.ts';
import { defineKind, type KindPlan, type Problem } from '../define-kind.ts';
import { obstacleProblems } from '../shared/obstacles.ts';
import {
  datapathFacts,
  openVswitch,
  openVswitchFacts,
  openVswitchIfAny,
  openVswitchPackage,
  withoutModule,
} from '../shared/open-vswitch.ts';
import { type Belongings, belongings, unmovable } from './belongings.ts';
import { cannotRestore, find, otherMembers, type UplinkParams } from './found.ts';
import { problem, type Stopped, stop } from './problem.ts';

export default defineKind({
  name: 'bridge_uplink',
  summary: 'A network interface is in a bridge, which has its addresses and routes, now and after a reboot.',
  description: `
Moves an interface into a Linux bridge or an Open vSwitch bridge, and its addresses and routes (including the default
route, other tables and IPv6) onto the bridge. This is one change that nothing interrupts half-way, even over the SSH
session that uses the interface. The bridge is made if it doesn't exist. It gets the interface's MAC address, so
neighbours keep sending to the same address and the session continues after a moment.

To make it permanent, the same run rewrites the interface's stanza in \`/etc/network/interfaces\`, or in a file of
\`/etc/network/interfaces.d\` named after it: the interface becomes \`manual\`, and the bridge gets the stanza's
addresses, gateway and other options. What makes a bond or a VLAN stays with the interface (\`bond-*\`, \`vlan-*\`).
ifupdown's state is updated, so \`systemctl restart networking\` takes the bridge down and up as it did the interface.
Refused are hosts whose interface is managed by netplan, systemd-networkd, NetworkManager or cloud-init's own files;
addresses from DHCP or router advertisements; routes with several next hops; and options and commands of the stanza
that can't be moved safely. A Linux bridge needs the package bridge-utils, or an earlier step that installs it.

What names the interface elsewhere doesn't change: packet filter rules, kernel parameters, daemons that listen on it,
policy rules (\`ip rule\`). With the \`netdev\` datapath, the kernel also still receives the packets that arrive on the
interface.

If a \`linux_bridge\` step describes the same bridge, give it the same \`mac\`; otherwise it would set another one.

With \`state: absent\` the interface gets its addresses and routes back, and the bridge is deleted; a bridge with other
members is refused. Undo restores addresses, routes and bridge as the plan recorded them, and the file byte by byte.`,
  params: {
    type: 'object',
    properties: {
      interface: {
        type: 'string',
        format: 'interface-name',
        description: 'The interface that goes into the bridge.',
      },
      bridge: {
        type: 'string',
        format: 'interface-name',
        description: "The bridge's name, at most 15 characters.",
      },
      type: {
        enum: ['linux', 'ovs'],
        description: 'A Linux bridge or an Open vSwitch bridge. Default: `linux`.',
      },
      datapath: {
        enum: ['system', 'netdev'],
        description:
          'For an Open vSwitch bridge: `system`, in the kernel, or `netdev`, in user space, which needs no kernel module. Default: `system`.',
      },
      state: {
        enum: ['present', 'absent'],
        description: 'Whether the interface is in the bridge. Default: `present`.',
      },
    },
    required: ['interface', 'bridge'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Containers on the LAN: the first network card in a Linux bridge',
      params: { interface: 'eth0', bridge: 'br-lan' },
    },
    {
      title: 'The same with Open vSwitch',
      params: { interface: 'eth0', bridge: 'br-lan', type: 'ovs' },
    },
    { title: 'Back again', params: { interface: 'eth0', bridge: 'br-lan', state: 'absent' } },
  ],
  check: ({ interface: link, bridge, type, datapath }) => [
    ...(link === bridge ? [problem('own-member', 'a bridge cannot be its own member', ['bridge'])] : []),
    ...(datapath !== undefined && type !== 'ovs'
      ? [problem('ovs-only', 'only an Open vSwitch bridge has a datapath', ['datapath'])]
      : []),
  ],
  describes: ({ interface: link, bridge, type = 'linux', state }) =>
    state === 'absent'
      ? []
      : [
          ...[...ifupdown.uplink.packages(type), ...(type === 'ovs' ? [openVswitchPackage] : [])].map(
            (name) => ({ is: 'package', does: 'uses', name }) as const,
          ),
          {
            is: 'link',
            does: 'uses',
            manager: ifupdown.name,
            name: link,
            address: [],
            master: bridge,
            params: { name: 'interface' },
          },
          {
            is: 'link',
            does: 'uses',
            manager: ifupdown.name,
            name: bridge,
            type,
            params: { name: 'bridge' },
          },
        ],
  facts: ({ interface: link, type, datapath = 'system' }) => [
    interfacesFact,
    routesFact,
    ...ifupdown.uplink.facts(link),
    ...(type === 'ovs' ? [...openVswitchFacts, ...datapathFacts(datapath)] : []),
  ],
  plan: (params, facts) => {
    const { interface: link, bridge, type = 'linux', datapath = 'system', state = 'present' } = params;
    const wanted: UplinkParams = { link, bridge, type, datapath };
    return state === 'present' ? planPresent(wanted, facts) : planAbsent(wanted, facts);
  },
});

function planPresent(wanted: UplinkParams, facts: Facts): KindPlan {
  const { link, bridge, type } = wanted;
  const found = find(wanted, facts, type === 'ovs' ? openVswitch : undefined);
  if ('code' in found) return stop(found);
  const { nic, state: before } = found;
  if (nic.mac === undefined) return stop(problem('no-mac', `${link} has no MAC address`, ['interface']));
  if (
    before.bridge !== null &&
    type === 'ovs' &&
    (before.bridge.datapathType ?? 'system') !== wanted.datapath
  ) {
    const message = `${bridge} exists and has another datapath`;
    return stop(problem('other-datapath', message, ['datapath'], 'an ovs_bridge step can change it'));
  }
  if (before.bridge === null && type === 'ovs' && wanted.datapath === 'system') {
    const [missing] = withoutModule(facts);
    if (missing !== undefined) return stop(missing);
  }
  const left = belongings(link, facts);
  const nothing = left.addresses.length === 0 && left.routes.length === 0;
  const after: UplinkState = {
    bridge: {
      ...before.bridge,
      mac: nic.mac,
      up: true,
      ...(wanted.datapath === 'netdev' ? { datapathType: 'netdev' } : {}),
    },
    member: true,
    linkUp: true,
    holder: 'bridge',
  };
  const done =
    nothing && before.member && before.linkUp && before.bridge?.up === true && before.bridge.mac === nic.mac;
  const file = persistence(
    ifupdown.uplink.into({ link, bridge, type, mac: nic.mac }, facts),
    unmovable(left),
  );
  if ('problems' in file) return file;
  const holder = nothing && before.member ? 'bridge' : 'link';
  return {
    changes: [...file.changes, ...(done ? [] : [change(wanted, left, { ...before, holder }, after)])],
  };
}

function planAbsent(wanted: UplinkParams, facts: Facts): KindPlan {
  const { link, bridge, type } = wanted;
  const found = find(wanted, facts, type === 'ovs' ? openVswitchIfAny : undefined);
  if ('code' in found) return stop(found);
  const { state: before } = found;
  const file = persistence(ifupdown.uplink.outOf({ link, bridge, type }, facts), []);
  if (before.bridge === null) return 'problems' in file ? { changes: [] } : file;
  const others = otherMembers(wanted, facts);
  if (others.length > 0) {
    const message = `${bridge} has other members: ${others.join(', ')}`;
    return stop(problem('bridge-in-use', message, ['bridge'], 'remove them from the bridge first'));
  }
  const more = cannotRestore(wanted, facts);
  if (more.length > 0) {
    const hint = 'remove these, or delete the bridge by hand';
    return stop(
      problem('not-restorable', `undo could not restore ${bridge}: it has ${more.join(', ')}`, [], hint),
    );
  }
  const left = belongings(bridge, facts);
  const obstacles = unmovable(left);
  if (obstacles.length > 0) return { changes: [], problems: obstacles };
  if ('problems' in file) return file;
  const after: UplinkState = { bridge: null, member: false, linkUp: true, holder: 'link' };
  return { changes: [...file.changes, change(wanted, left, { ...before, holder: 'bridge' }, after)] };
}

function change(
  { link, bridge, type }: UplinkParams,
  { addresses, routes }: Belongings,
  before: UplinkState,
  after: UplinkState,
): UplinkChange {
  return {
    type: type === 'linux' ? 'uplink' : 'ovs_uplink',
    link,
    bridge,
    addresses,
    routes: routes.flatMap((route) => (typeof route === 'string' ? [] : [route])),
    before,
    after,
  };
}

/** The changes for the next boot, or everything that is wrong. */
function persistence(edit: Edit, more: readonly Problem[]): Pick<KindPlan, 'changes'> | Stopped {
  const obstacles = 'obstacles' in edit ? obstacleProblems(edit.obstacles, 'interface') : [];
  const problems = [...obstacles, ...more];
  return 'obstacles' in edit || problems.length > 0 ? stop(...problems) : { changes: edit.changes };
}
