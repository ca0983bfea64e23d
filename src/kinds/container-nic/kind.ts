import { containerFact } from '../../facts/docker/container.ts';
import { containerAddressesFact } from '../../facts/docker/container-addresses.ts';
import type { Facts } from '../../facts/fact.ts';
import { interfacesFact, interfacesIn } from '../../facts/interfaces.ts';
import { routesIn } from '../../facts/routes.ts';
import { tidy } from '../../json/records.ts';
import { parseAddress } from '../../net/address.ts';
import { contains } from '../../net/cidr.ts';
import {
  formatInterfaceAddress,
  interfaceNetwork,
  parseInterfaceAddress,
} from '../../net/interface-address.ts';
import { defineKind, type KindPlan, type Problem } from '../define-kind.ts';
import { macProblems, normalMac, overlayMtu } from '../shared/bridge.ts';
import { absent, present } from './changes.ts';
import { containerProblems, find, withoutPrefix } from './found.ts';
import { macOf, otherEndMac, otherEndOf } from './names.ts';

/** Docker's own interfaces begin with eth0. */
const usualName = 'eth1';

export default defineKind({
  name: 'container_nic',
  summary: 'A running container has an interface with this address, joined to a bridge of the host.',
  description: `Makes a veth pair: one end is moved into the container's network namespace under \`name\`, with its
address, and the other end becomes a member of a Linux bridge of the host. The container may have no other network
(\`docker run --network none\`), or Docker's own besides: that stays as it is. The container needs no privileges, and
nothing is installed in it. For a bridge of Open vSwitch, name a Linux bridge that has it as a member.

Between containers, Docker's packet filter lets packets pass on its own bridges: \`docker0\`, or the one that
\`docker_daemon\` names. On another bridge the host reaches each container, but where the kernel module br_netfilter is
loaded, containers reach each other only if a rule of the chain DOCKER-USER accepts that.

The container must run, in a network namespace of its own. An address that another container of the host has, whoever
gave it, or that is outside of the bridge's network, is an error. The interface is the step's own: other IPv4 addresses
that somebody has given to it, and other default routes by it, are removed.

The interface gets a MAC address that is derived from the names of host, container and interface, and is the same after
each start of the container. The host's end is called \`CONTAINER-NAME\`, or by a hash where that is too long.

A container that is started again has a new network namespace without the interface: \`meshbook drift\` shows that, and
the next apply makes it again. So does a restart of Docker: put steps such as \`docker_daemon\` before this one. Where
they come later and would restart Docker, the plan says that this step is unknown.

Undo deletes the pair. If the container is gone or was started again, there is nothing to undo; a new container of the
same name is left alone. With \`state: absent\` the interface is deleted, and undo makes it again with its address and
default route.`,
  params: {
    type: 'object',
    properties: {
      container: {
        type: 'string',
        pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$',
        'x-error': "a container's name has letters, digits, _ . and -",
        description: "The container's name.",
      },
      name: {
        type: 'string',
        format: 'interface-name',
        description: `The interface's name in the container, at most 15 characters. Default: \`${usualName}\`.`,
      },
      address: {
        type: 'string',
        format: 'interface-address',
        description: 'The IPv4 address with its prefix length, `10.11.12.5/24`.',
      },
      gateway: {
        type: 'string',
        format: 'ip-address',
        description: "Where the container's default route goes. Default: the step makes none.",
      },
      mac: {
        type: 'string',
        format: 'mac',
        description: 'The MAC address. Default: derived from the names of host, container and interface.',
      },
      mtu: {
        type: 'integer',
        minimum: 68,
        maximum: 65535,
        description:
          "The MTU in bytes. Default: that of the overlay whose range contains `address`; otherwise the bridge's when the interface is made.",
      },
      bridge: {
        type: 'string',
        format: 'interface-name',
        description: 'The Linux bridge that the other end is a member of. Not needed with `state: absent`.',
      },
      state: {
        enum: ['present', 'absent'],
        description: 'Whether the container has the interface. Default: `present`.',
      },
    },
    required: ['container'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A container without a network of its own gets one',
      params: {
        container: 'web',
        name: 'eth0',
        address: '10.11.12.5/24',
        gateway: '10.11.12.1',
        bridge: 'newbridge',
      },
    },
    {
      title: 'A second interface besides that of Docker',
      params: { container: 'web', address: '10.11.12.5/24', bridge: 'newbridge' },
    },
    { title: 'No such interface', params: { container: 'web', state: 'absent' } },
  ],
  check: ({ state, address, bridge, gateway, mac }) => [
    ...(state === 'absent' ? [] : [...missing('address', address), ...missing('bridge', bridge)]),
    ...macProblems(mac),
    ...familyProblems(address, gateway),
  ],
  takesAway: (thing) =>
    thing.is === 'container-link'
      ? { container: thing.container, name: thing.name, state: 'absent' }
      : undefined,
  describes: ({ container, name = usualName, address, bridge = '', mtu, mac, state }) => {
    const ends = { container, name, otherEnd: otherEndOf(container, name), bridge } as const;
    if (state === 'absent') return [{ is: 'container-link', does: 'removes', ...ends }];
    return [
      { is: 'container-link', does: 'makes', ...ends, ...tidy({ address, mtu, mac }) },
      { is: 'link', does: 'uses', name: bridge, type: 'linux', params: { name: 'bridge' } },
    ];
  },
  facts: ({ container }) => [
    interfacesFact,
    interfacesIn(container),
    routesIn(container),
    containerFact(container),
    containerAddressesFact,
  ],
  plan: (params, facts, view) => {
    const { container, name = usualName, address = '', bridge = '', gateway, mac, mtu } = params;
    if (params.state === 'absent') return planAbsent(container, name, facts);
    const problems = containerProblems(container, facts);
    if (problems.length > 0) return { changes: [], problems };
    const parsed = parseInterfaceAddress(address).value;
    const text = parsed === undefined ? address : formatInterfaceAddress(parsed);
    const wanted = { container, name, address: text, bridge, gateway };
    const found = find(wanted, facts);
    if (!('bridge' in found)) return { changes: [], problems: found };
    const otherEnd = otherEndOf(container, name);
    const ends = {
      nic: {
        mac: mac === undefined ? macOf(view.host, container, name) : normalMac(mac),
        mtu: mtu ?? overlayMtu([text], view),
      },
      otherEnd: { name: otherEnd, mac: otherEndMac(view.host, otherEnd) },
    };
    return { changes: present(wanted, ends, found) };
  },
});

/** What isn't the step's own, by its other end, stays. */
function planAbsent(container: string, name: string, facts: Facts): KindPlan {
  const nic = facts.get(interfacesIn(container)).find((one) => one.name === name);
  const otherEnd = facts.get(interfacesFact).find((one) => one.name === otherEndOf(container, name));
  if (nic === undefined || otherEnd === undefined || nic.peer !== otherEnd.name) return { changes: [] };
  const own = facts.get(routesIn(container)).filter(({ dev, pref }) => dev === name && pref === undefined);
  const routes = own.filter(({ protocol, table }) => protocol !== 'kernel' && table !== 'local');
  const others = routes.filter(
    (route) => typeof route.gateway !== 'string' || Object.keys(route).some((key) => !simple.includes(key)),
  );
  if (others.length > 0) {
    const names = others.map(({ dst }) => `a route to ${String(dst)}`).join(', ');
    const message = `undo could not restore ${name} in ${container}: it has ${names}`;
    return { changes: [], problems: [{ code: 'not-restorable', message, hint: 'remove these first' }] };
  }
  return { changes: absent({ container, name }, { nic, otherEnd }, routes) };
}

/** What a route has that a change can make again. */
const simple: readonly string[] = ['dst', 'gateway', 'dev', 'flags'];

function missing(param: string, value: string | undefined): Problem[] {
  return value === undefined ? [{ code: 'missing-key', message: `'${param}' is missing`, path: [] }] : [];
}

/** What the schema can't say of addresses. */
function familyProblems(address: string | undefined, gateway: string | undefined): Problem[] {
  const own = address === undefined ? undefined : parseInterfaceAddress(address).value;
  const way = gateway === undefined ? undefined : parseAddress(gateway).value;
  const wrong = (param: string, text: string): Problem => ({
    code: 'wrong-address-family',
    message: `${text} is an IPv6 address, and container_nic gives IPv4 addresses`,
    path: [param],
  });
  return [
    ...(own?.address.version === 6 ? [wrong('address', withoutPrefix(address ?? ''))] : []),
    ...(way?.version === 6 ? [wrong('gateway', gateway ?? '')] : []),
    ...(own?.address.version === 4 && way?.version === 4 && !contains(interfaceNetwork(own), way)
      ? [
          {
            code: 'gateway-outside',
            message: `the gateway ${gateway} is outside of the network of ${address}`,
            path: ['gateway'],
          } as const,
        ]
      : []),
  ];
}
