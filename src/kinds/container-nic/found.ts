import { didYouMean } from '../../diagnostics/nearest.ts';
import { containerFact } from '../../facts/docker/container.ts';
import { type ContainerAddresses, containerAddressesFact } from '../../facts/docker/container-addresses.ts';
import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact, interfacesIn } from '../../facts/interfaces.ts';
import { type Route, routesIn } from '../../facts/routes.ts';
import { contains, formatCidr } from '../../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../../net/interface-address.ts';
import type { Problem } from '../define-kind.ts';
import { otherEndOf } from './names.ts';

/** What a step wants. */
export interface NicParams {
  readonly container: string;
  readonly name: string;
  /** In the kernel's form. */
  readonly address: string;
  readonly bridge: string;
  readonly gateway?: string | undefined;
}

/** The interface as it is, with its other end. */
export interface Found {
  readonly bridge: Interface;
  /** Left out: it isn't there. */
  readonly pair?: { readonly nic: Interface; readonly otherEnd: Interface };
  /** Its IPv4 routes by way of a gateway. */
  readonly routes: readonly Route[];
}

/** Why the container can't get an interface; nothing where it can. @throws UnknownFact */
export function containerProblems(container: string, facts: Facts): Problem[] {
  const found = facts.get(containerFact(container));
  const path = ['container'];
  if (found === 'no Docker')
    return [{ code: 'docker-not-active', message: 'Docker is not running on the host', path }];
  if (found === null) {
    const names = facts.find(containerAddressesFact)?.flatMap(({ containers }) => containers) ?? [];
    const hint = didYouMean(container, names);
    const message = `the host has no container named ${container}`;
    return [{ code: 'unknown-container', message, path, ...(hint === undefined ? {} : { hint }) }];
  }
  if (!found.running)
    return [
      {
        code: 'container-stopped',
        message: `container ${container} is not running, and has no network namespace`,
        path,
        hint: `start it first: docker start ${container}`,
      },
    ];
  if (found.hostNetwork)
    return [
      {
        code: 'container-on-host-network',
        message: `container ${container} runs in the host's own network namespace`,
        path,
      },
    ];
  return [];
}

/** What is there to be changed, or why that isn't possible. @throws UnknownFact */
export function find(wanted: NicParams, facts: Facts): Found | Problem[] {
  const { container, name } = wanted;
  const hosts = facts.get(interfacesFact);
  const bridge = hosts.find((one) => one.name === wanted.bridge);
  const otherEnd = hosts.find((one) => one.name === otherEndOf(container, name));
  const nic = facts.get(interfacesIn(container)).find((one) => one.name === name);
  const routes = facts.get(routesIn(container)).filter(isByGateway);
  const problems = [
    ...bridgeProblems(wanted, bridge, hosts),
    ...nameProblems(wanted, nic, otherEnd),
    ...addressProblems(wanted, bridge, facts.get(containerAddressesFact)),
    ...gatewayProblems(wanted, routes),
  ];
  if (problems.length > 0 || bridge === undefined) return problems;
  return {
    bridge,
    ...(nic === undefined || otherEnd === undefined ? {} : { pair: { nic, otherEnd } }),
    routes: routes.filter(({ dev }) => dev === name),
  };
}

/** IPv6 routes have a preference. */
function isByGateway({ table, gateway, pref, dst }: Route): boolean {
  return table === undefined && typeof gateway === 'string' && pref === undefined && typeof dst === 'string';
}

function bridgeProblems(
  { bridge: name }: NicParams,
  bridge: Interface | undefined,
  links: readonly Interface[],
): Problem[] {
  const path = ['bridge'];
  if (bridge === undefined) {
    const bridges = links.filter(({ kind }) => kind === 'bridge').map((link) => link.name);
    const hint = didYouMean(name, bridges) ?? 'put a linux_bridge step before this one';
    return [{ code: 'unknown-interface', message: `the host has no bridge named ${name}`, path, hint }];
  }
  if (bridge.kind === 'bridge') return [];
  const hint = 'for a bridge of Open vSwitch, name a Linux bridge that has it as a member';
  return [{ code: 'not-a-linux-bridge', message: `${name} is not a Linux bridge`, path, hint }];
}

function nameProblems(
  { container, name }: NicParams,
  nic: Interface | undefined,
  otherEnd: Interface | undefined,
): Problem[] {
  const path = ['name'];
  if (nic !== undefined && (otherEnd === undefined || nic.peer !== otherEnd.name))
    return [
      {
        code: 'name-taken',
        message: `container ${container} has an interface ${name} that is not meshbook's`,
        path,
        hint: 'choose another name',
      },
    ];
  if (nic === undefined && otherEnd !== undefined)
    return [
      {
        code: 'name-taken',
        message: `the host has an interface ${otherEnd.name}, which is not the other end of ${name} in ${container}`,
        path,
        hint: 'choose another name',
      },
    ];
  return [];
}

function addressProblems(
  { container, address, bridge: name }: NicParams,
  bridge: Interface | undefined,
  others: readonly ContainerAddresses[],
): Problem[] {
  const path = ['address'];
  const bare = withoutPrefix(address);
  const own = bridge?.addresses.filter((one) => !one.includes(':')) ?? [];
  const user = others.find(
    ({ containers, addresses }) =>
      !containers.includes(container) && addresses.some((one) => withoutPrefix(one) === bare),
  );
  if (user !== undefined || own.some((one) => withoutPrefix(one) === bare)) {
    const who = user === undefined ? name : `container ${user.containers[0]}`;
    return [
      {
        code: 'container-address-taken',
        message: `${who} has ${bare} already`,
        path,
        hint: 'choose another address',
      },
    ];
  }
  const wanted = parseInterfaceAddress(address).value?.address;
  const networks = own.flatMap((one) => {
    const parsed = parseInterfaceAddress(one).value;
    return parsed === undefined ? [] : [interfaceNetwork(parsed)];
  });
  if (wanted === undefined || networks.length === 0 || networks.some((one) => contains(one, wanted)))
    return [];
  const range = networks.map(formatCidr).join(' and ');
  return [
    {
      code: 'container-address-outside',
      message: `${bare} is outside of ${range}, the network of ${name}`,
      path,
      hint: `choose an address in ${range}`,
    },
  ];
}

function gatewayProblems({ container, name, gateway }: NicParams, routes: readonly Route[]): Problem[] {
  const other = routes.find(({ dst, dev }) => dst === 'default' && dev !== name);
  if (gateway === undefined || other === undefined) return [];
  return [
    {
      code: 'default-route-taken',
      message: `container ${container} has a default route by ${String(other.dev)}`,
      path: ['gateway'],
      hint: 'leave gateway out',
    },
  ];
}

export function withoutPrefix(address: string): string {
  return address.replace(/\/.*$/, '');
}
