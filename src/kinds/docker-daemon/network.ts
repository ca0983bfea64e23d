import { bridgeOf } from '../../facts/docker/daemon.ts';
import type { Docker } from '../../facts/docker/docker.ts';
import { isDefault } from '../../facts/docker/options.ts';
import type { Facts } from '../../facts/fact.ts';
import { type Interface, interfacesFact } from '../../facts/interfaces.ts';
import { type Address, parseAddress } from '../../net/address.ts';
import { type Cidr, contains, containsCidr, formatCidr, networkAround, overlaps } from '../../net/cidr.ts';
import type { Problem } from '../define-kind.ts';
import { type Room, roomIn } from './room.ts';
import type { Given, Param } from './settings.ts';

/** The options of Docker's default network, wherever they are set. */
export type NetworkOptions = Partial<Record<Param, Given>>;

/** The default network's subnet, as far as known, or what makes it impossible. */
export interface DefaultNetwork {
  readonly subnet?: string;
  /** Its addresses for containers, as far as known. */
  readonly room?: Room;
  readonly problems: readonly Problem[];
}

/**
 * The default network that Docker will have with these options. `lenient`: reports only what keeps Docker from
 * starting, not options that it ignores.
 */
export function networkFor(
  options: NetworkOptions,
  docker: Docker,
  facts: Facts,
  lenient = false,
): DefaultNetwork {
  const { bridge, bip, fixed_cidr, default_gateway } = options;
  if (bridge?.value === 'none') return { problems: [] };
  if (bip?.value && (bridge?.param === undefined || bip.param !== undefined)) {
    const own = addressOf(String(bip.value))[0];
    if (own === undefined) return { problems: [] };
    const problems = [
      ...fixedOutside(fixed_cidr, [own.network], 'bip', lenient),
      ...gatewayOutside(default_gateway, own.network, 'bip'),
    ];
    return settled(own, options, docker, problems);
  }
  const ours = bridge?.param !== undefined;
  if (!bridge && !default_gateway && (lenient || !fixed_cidr)) return { problems: [] };
  const name = String(bridge?.value || 'docker0');
  const device = facts.get(interfacesFact).find((one) => one.name === name);
  if (device?.kind !== 'bridge') {
    // Docker makes docker0 itself, in a range that can't be known before.
    if (!ours && name === 'docker0') return { problems: [] };
    return { problems: [notABridge(name, device, bridge)] };
  }
  const addresses = device.addresses.filter((address) => !address.includes(':')).flatMap(addressOf);
  const of = `the bridge ${name}`;
  const chosen = chosenOf(addresses, fixed_cidr, docker.version);
  if (chosen === undefined) return { problems: ours ? [withoutAddress(name)] : [] };
  const second = lenient ? undefined : secondAddress(addresses, chosen, fixed_cidr, name);
  return settled(chosen, options, docker, [
    ...(second === undefined
      ? fixedOutside(
          fixed_cidr,
          addresses.map(({ network }) => network),
          of,
          lenient,
        )
      : [second]),
    ...gatewayOutside(default_gateway, chosen.network, of),
  ]);
}

/** An address on an interface, with its network. */
interface OnBridge {
  readonly text: string;
  readonly address: Address;
  readonly network: Cidr;
}

/** Empty if it can't be read, which is reported elsewhere. */
function addressOf(text: string): OnBridge[] {
  const network = networkAround(text).value;
  const address = parseAddress(text.replace(/\/.*/, '')).value;
  return network === undefined || address === undefined ? [] : [{ text, address, network }];
}

/**
 * The address that Docker uses as its own: the first, unless fixed-cidr selects another. Up to 27 that is the first in
 * fixed-cidr; from 28 on, the first whose network contains fixed-cidr (moby: initBridgeDriver, selectBIP; measured
 * with 20.10, 26.1 and 28.5).
 */
function chosenOf(
  addresses: readonly OnBridge[],
  fixed: Given | undefined,
  version: string | undefined,
): OnBridge | undefined {
  const range = rangeOf(fixed);
  const spokenFor = ({ address, network }: OnBridge) =>
    range !== undefined && (isFrom28(version) ? containsCidr(network, range) : contains(range, address));
  return addresses.find(spokenFor) ?? addresses[0];
}

function isFrom28(version = ''): boolean {
  return Number(/^\d+/.exec(version)?.[0] ?? 0) >= 28;
}

/** fixed-cidr is in the network of another address than the one that Docker uses. */
function secondAddress(
  addresses: readonly OnBridge[],
  chosen: OnBridge,
  fixed: Given | undefined,
  bridge: string,
): Problem | undefined {
  const range = rangeOf(fixed);
  if (range === undefined || containsCidr(chosen.network, range)) return undefined;
  const other = addresses.find(({ network }) => containsCidr(network, range));
  if (other === undefined) return undefined;
  const address = other.text.replace(/\/.*/, '');
  return {
    code: 'docker-second-address',
    message: `Docker would take ${chosen.text}, the first address of ${bridge}, and not ${other.text}, whose network ${from(fixed)} is in`,
    ...pathOf(fixed),
    hint: `make fixed_cidr contain ${address} itself, or put ${other.text} first on ${bridge}, or make it the only address there`,
  };
}

/** With Docker's other networks: it doesn't start with one bridge, or one range, for two. */
function settled(
  { network, address }: OnBridge,
  { bridge, bip, fixed_cidr, default_gateway }: NetworkOptions,
  { daemon }: Docker,
  problems: readonly Problem[],
): DefaultNetwork {
  const others = (daemon?.networks ?? []).filter((one) => !isDefault(one));
  const name = String(bridge?.value || 'docker0');
  const owner = others.find((one) => bridgeOf(one) === name);
  if (owner !== undefined) {
    const taken: Problem = {
      code: 'docker-bridge-taken',
      message: `${name} is the bridge of Docker's network '${owner.name}', and Docker does not start with a bridge that has two networks`,
      ...pathOf(bridge),
      hint: `choose another bridge, or remove that network first: docker network rm ${owner.name}`,
    };
    return { problems: [taken, ...problems] };
  }
  // Swarm networks have an address space of their own.
  const met = others.find(({ driver, subnet }) => {
    const range = subnet === undefined || driver === 'overlay' ? undefined : networkAround(subnet).value;
    return range !== undefined && range.version === network.version && overlaps(range, network);
  });
  const crossed: Problem[] =
    met === undefined
      ? []
      : [
          {
            code: 'docker-range-taken',
            message: `${formatCidr(network)} overlaps ${met.subnet} of Docker's network '${met.name}', and Docker does not start with two networks in one range`,
            ...pathOf(bip ?? bridge),
            hint: `choose another range, or remove that network first: docker network rm ${met.name}`,
          },
        ];
  const all = [...problems, ...crossed];
  if (all.length > 0) return { problems: all };
  const gateway = parseAddress(String(default_gateway?.value)).value;
  const room = roomIn(network, rangeOf(fixed_cidr), gateway === undefined ? [address] : [address, gateway]);
  return { subnet: formatCidr(network), room, problems: [] };
}

function notABridge(bridge: string, device: Interface | undefined, given: Given | undefined): Problem {
  if (device === undefined) {
    return {
      code: 'bridge-missing',
      message: `there is no bridge ${bridge}${given?.place ? `, which ${given.place} names` : ''}, and Docker does not start without it`,
      ...pathOf(given),
      hint: `make it in a step before this one: linux_bridge: { name: ${bridge}, address: … }`,
    };
  }
  return {
    code: 'not-a-linux-bridge',
    message: `${bridge} is not a Linux bridge${device.kind === undefined ? '' : `, but of the kind ${device.kind}`}`,
    ...pathOf(given),
    hint: 'Docker can use Linux bridges only; one of Open vSwitch can be a member of a Linux bridge',
  };
}

function withoutAddress(bridge: string): Problem {
  return {
    code: 'bridge-without-address',
    message: `the bridge ${bridge} has no IPv4 address, and Docker would give it one of its own choice`,
    path: ['bridge'],
    hint: 'give it one in the step that makes the bridge',
  };
}

/** What is outside bip's network although it must be inside, by the params alone. */
export function outsideBip(bip: string, fixed_cidr?: string, default_gateway?: string): Problem[] {
  const network = addressOf(bip)[0]?.network;
  const given = (param: Param, value?: string) => (value === undefined ? undefined : { value, param });
  if (network === undefined) return [];
  return [
    ...fixedOutside(given('fixed_cidr', fixed_cidr), [network], 'bip', false),
    ...gatewayOutside(given('default_gateway', default_gateway), network, 'bip'),
  ];
}

function fixedOutside(
  fixed: Given | undefined,
  networks: readonly Cidr[],
  of: string,
  lenient: boolean,
): Problem[] {
  const range = rangeOf(fixed);
  if (lenient || range === undefined || networks.some((network) => containsCidr(network, range))) return [];
  return [
    {
      code: 'fixed-cidr-outside',
      message: `${from(fixed)} is not within ${networks.map(formatCidr).join(', ')}, the network of ${of}`,
      ...pathOf(fixed),
      ...elsewhere(fixed, 'fixed_cidr'),
    },
  ];
}

function gatewayOutside(given: Given | undefined, network: Cidr, of: string): Problem[] {
  const gateway = given === undefined ? undefined : parseAddress(String(given.value)).value;
  if (gateway === undefined || contains(network, gateway)) return [];
  return [
    {
      code: 'gateway-outside',
      message: `${from(given)} is not in ${formatCidr(network)}, the network of ${of}`,
      ...pathOf(given),
      ...elsewhere(given, 'default_gateway'),
    },
  ];
}

/** As Docker reads it: host bits are ignored. */
function rangeOf(given: Given | undefined): Cidr | undefined {
  return given === undefined ? undefined : networkAround(String(given.value)).value;
}

/** `10.0.0.0/24`, or `10.0.0.0/24, which /etc/docker/daemon.json has,` if the step doesn't set it. */
function from(given: Given | undefined): string {
  return given?.place === undefined ? `${given?.value}` : `${given.value}, which ${given.place} has,`;
}

function elsewhere(given: Given | undefined, param: Param): { hint?: string } {
  return given?.place === undefined
    ? {}
    : { hint: `set it in the step (${param}), or take it out of ${given.place}` };
}

function pathOf(given: Given | undefined): { path?: readonly string[] } {
  return given?.param === undefined ? {} : { path: [given.param] };
}
