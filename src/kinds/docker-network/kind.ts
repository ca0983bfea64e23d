import {
  type ContainerNetworkChange,
  isOurs,
  type NetworkSettings,
  settingsOf,
} from '../../changes/docker-network/change.ts';
import type { DockerNetwork } from '../../facts/docker/daemon.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import { configPath } from '../../facts/docker/files.ts';
import type { Facts } from '../../facts/fact.ts';
import { fileFact } from '../../facts/file.ts';
import { interfacesFact } from '../../facts/interfaces.ts';
import { unitFact } from '../../facts/unit.ts';
import { defineKind, type KindPlan, type Problem } from '../define-kind.ts';
import { besides } from './besides.ts';
import { differences } from './compare.ts';
import { wantedNetwork } from './desired.ts';
import { elsewhere, foreign, inUse, notRestorable } from './in-the-way.ts';
import { checkParams } from './params.ts';
import { networksOf } from './running.ts';

export default defineKind({
  name: 'docker_network',
  summary: 'Docker has this network for containers.',
  description: `
A user-defined network, as \`docker network create\` makes it, that containers join with \`--network NAME\` or, in a
Compose file, by \`external: true\`. The daemon isn't restarted for it, and containers on other networks notice nothing.

With the driver \`bridge\`, containers are on an existing Linux bridge. If an overlay's Open vSwitch bridge is its
member, containers of all hosts are on one network: give each host its own \`ip_range\`. Docker never changes or removes
the bridge's addresses (the option \`com.docker.network.bridge.inhibit_ipv4\` is set), and the bridge stays when the
network goes. With \`macvlan\`, containers are beside the host on the network of an interface, \`parent\`; host and
containers don't reach each other. \`ipvlan\` is passed on to Docker and isn't tested.

Docker can't change a network. If a setting differs, the network is removed and made anew: its containers are
disconnected and connected again with their fixed addresses (\`--ip\`) and aliases, stopped ones too, and the plan names
them. Others get addresses in the order of those that they had. Until Docker 28, their interface may have another name
until they are restarted, and from 26 on, a MAC address given by hand is lost. A container that was made with
the network's id instead of its name must be made again.

meshbook's networks have the label \`meshbook\`. A network of that name without it is someone else's: with the same
settings it is left as it is, otherwise it is an error. A network with containers isn't removed, but an error that names
them. \`default-network-opts\` of daemon.json don't count as a difference.

Docker keeps its networks over a reboot. It starts best when the bridge is there: a missing one it makes itself,
without its address and its members. Let \`interfaces_file\` bring it up at boot. From Docker 26 on, the bridge gets the
MTU of the network: don't give them different ones. IPv6 isn't supported yet.

Undo removes a network that the run made. Containers that have joined it since are a conflict for \`meshbook undo\`, which
leaves it alone; with \`--force\`, and when a run fails, they are disconnected, with a notice for each. Undo makes a network that the run removed or changed as it was before.`,
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        pattern: '^(?!(?:bridge|host|none|default|ingress|docker_gwbridge)$)[A-Za-z0-9][A-Za-z0-9_.-]*$',
        'x-error':
          "a network's name has letters, digits, '_', '.' and '-', begins with a letter or a digit, and is none of Docker's own",
        description: "The network's name.",
      },
      driver: {
        enum: ['bridge', 'macvlan', 'ipvlan'],
        description: 'What connects the containers. Default: `bridge`.',
      },
      bridge: {
        type: 'string',
        format: 'interface-name',
        description: 'The Linux bridge that containers are on. The driver `bridge` needs it.',
      },
      parent: {
        type: 'string',
        format: 'interface-name',
        description: 'The interface that containers stand on. The drivers `macvlan` and `ipvlan` need it.',
      },
      subnet: {
        type: 'string',
        format: 'cidr',
        description:
          "The network's IPv4 range, the same on all hosts of an overlay. Default: the network of the bridge's address. `macvlan` and `ipvlan` need it.",
      },
      ip_range: {
        type: 'string',
        format: 'cidr',
        description:
          "The part of the subnet from which this host's containers get addresses. On an overlay: `{{ overlay.NAME.fixed_cidr }}`. Default: all of it.",
      },
      gateway: {
        type: 'string',
        format: 'ip-address',
        description:
          "The containers' default gateway. Default: the bridge's address in the subnet; for other drivers Docker chooses.",
      },
      aux_addresses: {
        type: 'object',
        additionalProperties: { type: 'string', format: 'ip-address' },
        description: 'Addresses that no container gets, each under a name of your choice. Default: none.',
      },
      mtu: {
        type: 'integer',
        minimum: 68,
        maximum: 65535,
        description:
          "The containers' MTU in bytes. Default: that of the overlay whose range holds the subnet; otherwise Docker's own, 1500.",
      },
      internal: {
        type: 'boolean',
        description: 'Whether containers reach nothing outside of the network. Default: `false`.',
      },
      labels: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Labels of the network. Default: none.',
      },
      options: {
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        description:
          'Other options of the driver, by their full names: `com.docker.network.bridge.enable_icc`. Default: none.',
      },
      state: {
        enum: ['present', 'absent'],
        description: 'Whether the network exists. Default: `present`.',
      },
    },
    required: ['name'],
  },
  examples: [
    {
      title: 'Containers of all hosts of an overlay on one network',
      params: { name: 'mesh', bridge: 'newbridge', ip_range: '10.11.12.128/26' },
    },
    {
      title: 'Containers on the LAN beside the host',
      params: {
        name: 'lan',
        driver: 'macvlan',
        parent: 'eth1',
        subnet: '192.168.1.0/24',
        ip_range: '192.168.1.192/27',
        gateway: '192.168.1.1',
      },
    },
    { title: 'No such network', params: { name: 'mesh', state: 'absent' } },
  ],
  check: checkParams,
  describes: ({ name, driver = 'bridge', bridge, parent, ip_range, mtu, state }) => {
    if (state === 'absent') return [{ is: 'network', does: 'removes', name, by: 'Docker' }];
    const links = { bridge, parent };
    return [
      ...['docker.io', 'docker-ce'].map((name) => ({ is: 'package', does: 'uses', name }) as const),
      ...(['bridge', 'parent'] as const).flatMap((param) => {
        const link = links[param];
        if (link === undefined) return [];
        const type = param === 'bridge' ? ({ type: 'linux' } as const) : {};
        return [{ is: 'link', does: 'uses', name: link, ...type, params: { name: param } } as const];
      }),
      {
        is: 'network',
        does: 'makes',
        name,
        by: 'Docker',
        range: ip_range,
        params: { range: 'ip_range' },
        ...(driver === 'bridge' ? { bridge, mtu } : {}),
        ...(mtu === undefined ? { followsOverlay: true } : {}),
      },
    ];
  },
  takesAway: (thing) => (thing.is === 'network' ? { name: thing.name, state: 'absent' } : undefined),
  facts: ({ state }) => [
    dockerFact,
    unitFact('docker.service'),
    ...(state === 'absent' ? [] : [interfacesFact, fileFact(configPath)]),
  ],
  plan: (params, facts, view) => {
    const networks = networksOf(params.state, facts);
    if ('problem' in networks) return refused(networks.problem);
    const existing = networks.find(({ name }) => name === params.name);
    if (params.state === 'absent') return existing === undefined ? { changes: [] } : planAbsent(existing);
    const { settings, problems } = wantedNetwork(params, facts, view);
    if (settings === undefined) return { changes: [], problems };
    const others = networks.filter((one) => one !== existing);
    const all = [...problems, ...besides(settings, others)];
    if (all.length > 0) return { changes: [], problems: all };
    return existing === undefined
      ? { changes: [{ type: 'container_network', name: params.name, before: null, after: marked(settings) }] }
      : planExisting(existing, settings, facts);
  },
});

function refused(problem: Problem): KindPlan {
  return { changes: [], problems: [problem] };
}

function marked(settings: NetworkSettings): NetworkSettings {
  return { ...settings, labels: { ...settings.labels, meshbook: 'docker_network' } };
}

function planExisting(existing: DockerNetwork, wanted: NetworkSettings, facts: Facts): KindPlan {
  const differing = differences(existing, wanted, facts);
  if (differing.length === 0) return { changes: [] };
  const { name, members = [] } = existing;
  if (!isOurs(existing)) return refused(foreign(name, `its ${differing.join(', ')}`));
  const problems = [...notRestorable(existing), ...elsewhere(existing, wanted)];
  if (problems.length > 0) return { changes: [], problems };
  const named = (running: boolean) =>
    members.filter((one) => one.running === running).map(({ container }) => container);
  const change: ContainerNetworkChange = {
    type: 'container_network',
    name,
    before: settingsOf(existing),
    after: marked(wanted),
    ...(named(true).length === 0 ? {} : { reconnected: named(true), risks: ['drops-traffic'] }),
    ...(named(false).length === 0 ? {} : { stopped: named(false) }),
  };
  return { changes: [change] };
}

function planAbsent(existing: DockerNetwork): KindPlan {
  const { name, members = [] } = existing;
  if (!isOurs(existing)) return refused(foreign(name, undefined));
  const problems = [...inUse(name, members), ...notRestorable(existing)];
  if (problems.length > 0) return { changes: [], problems };
  return { changes: [{ type: 'container_network', name, before: settingsOf(existing), after: null }] };
}
