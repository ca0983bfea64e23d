import type { Facts } from '../facts/fact.ts';
import { type Interface, interfacesFact } from '../facts/interfaces.ts';
import { parseAddress } from '../net/address.ts';
import { type Cidr, contains, containsCidr, formatCidr, parseCidr } from '../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import type { Problem } from './define-kind.ts';

/** The params of `docker_daemon` that say what its default network is. */
export interface NetworkParams {
  readonly bridge?: string;
  readonly bip?: string;
  readonly fixed_cidr?: string;
  readonly default_gateway?: string;
}

/** The default network's subnet, as far as it is known, or what makes it impossible. */
export function networkFor(
  params: NetworkParams,
  facts: Facts,
): { subnet?: string } | { problems: Problem[] } {
  const { bridge, bip, fixed_cidr } = params;
  if (bip !== undefined) return { subnet: formatCidr(networkOf(bip)) };
  if (bridge === undefined) return {};
  const device = facts.get(interfacesFact).find(({ name }) => name === bridge);
  if (device?.kind !== 'bridge') return { problems: [notABridge(bridge, device)] };
  const networks = device.addresses.filter((address) => !address.includes(':')).map(networkOf);
  const [first] = networks;
  if (first === undefined) {
    const problem: Problem = {
      code: 'bridge-without-address',
      message: `the bridge ${bridge} has no IPv4 address, and Docker would give it one of its own choice`,
      path: ['bridge'],
      hint: 'give it one in the step that makes the bridge',
    };
    return { problems: [problem] };
  }
  const problems = outside(params, networks, `the bridge ${bridge}`);
  if (problems.length > 0) return { problems };
  // Of several networks Docker takes the one that fixed-cidr lies in, else the first.
  const range = fixed_cidr === undefined ? undefined : parseCidr(fixed_cidr).value;
  const chosen = range && networks.find((network) => containsCidr(network, range));
  return { subnet: formatCidr(chosen ?? first) };
}

function notABridge(bridge: string, device: Interface | undefined): Problem {
  if (device === undefined) {
    return {
      code: 'bridge-missing',
      message: `there is no bridge ${bridge}, and Docker does not start without it`,
      path: ['bridge'],
      hint: `make it in a step before this one: linux_bridge: { name: ${bridge}, address: … }`,
    };
  }
  return {
    code: 'not-a-linux-bridge',
    message: `${bridge} is no Linux bridge${device.kind === undefined ? '' : `, but of the kind ${device.kind}`}`,
    path: ['bridge'],
    hint: 'Docker can use Linux bridges only; one of Open vSwitch can be a member of a Linux bridge',
  };
}

/** What must lie in the default network and doesn't. */
export function outside(
  { fixed_cidr, default_gateway }: { fixed_cidr?: string | undefined; default_gateway?: string | undefined },
  networks: readonly Cidr[],
  of: string,
): Problem[] {
  const range = fixed_cidr === undefined ? undefined : parseCidr(fixed_cidr).value;
  const gateway = default_gateway === undefined ? undefined : parseAddress(default_gateway).value;
  const where = `${networks.map(formatCidr).join(', ')}, the network of ${of}`;
  const problems: Problem[] = [];
  if (range !== undefined && !networks.some((network) => containsCidr(network, range))) {
    problems.push({
      code: 'fixed-cidr-outside',
      message: `${fixed_cidr} is not within ${where}`,
      path: ['fixed_cidr'],
    });
  }
  if (gateway !== undefined && !networks.some((network) => contains(network, gateway))) {
    problems.push({
      code: 'gateway-outside',
      message: `${default_gateway} is not in ${where}`,
      path: ['default_gateway'],
    });
  }
  return problems;
}

/** Of an address that the schema, or the host, vouches for. */
export function networkOf(address: string): Cidr {
  const parsed = parseInterfaceAddress(address);
  if (parsed.value === undefined) throw new Error(parsed.error);
  return interfaceNetwork(parsed.value);
}
