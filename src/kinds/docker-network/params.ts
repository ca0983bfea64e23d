import { networkMark } from '../../facts/docker/daemon.ts';
import { parseAddress } from '../../net/address.ts';
import { type Cidr, contains, containsCidr, parseCidr } from '../../net/cidr.ts';
import type { Problem } from '../define-kind.ts';

/** What a step says of a network. */
export interface NetworkParams {
  readonly name: string;
  readonly driver?: 'bridge' | 'macvlan' | 'ipvlan';
  readonly bridge?: string;
  readonly parent?: string;
  readonly subnet?: string;
  readonly ip_range?: string;
  readonly gateway?: string;
  readonly aux_addresses?: Readonly<Record<string, string>>;
  readonly mtu?: number;
  readonly internal?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  readonly state?: 'present' | 'absent';
}

/** Options that params of the step set. */
export const ownOptions = {
  bridge: 'com.docker.network.bridge.name',
  inhibit: 'com.docker.network.bridge.inhibit_ipv4',
  mtu: 'com.docker.network.driver.mtu',
  parent: 'parent',
} as const;

/** What is wrong with the params on any host. */
export function checkParams(params: NetworkParams): readonly Problem[] {
  if (params.state === 'absent') return [];
  const subnet = params.subnet === undefined ? undefined : parseCidr(params.subnet).value;
  return [
    ...forDriver(params),
    ...onlyIpv4(params),
    ...(subnet === undefined ? [] : outside(params, subnet)),
    ...taken(params),
  ];
}

function forDriver({ driver = 'bridge', bridge, parent, subnet }: NetworkParams): Problem[] {
  const has = { bridge, parent, subnet };
  const needs = driver === 'bridge' ? (['bridge'] as const) : (['parent', 'subnet'] as const);
  const [stray] = driver === 'bridge' ? (['parent'] as const) : (['bridge'] as const);
  const lacking = needs
    .filter((param) => has[param] === undefined)
    .map((param) => problem(`a network of the driver ${driver} needs ${param}`, ['name']));
  return has[stray] === undefined
    ? lacking
    : [...lacking, problem(`a network of the driver ${driver} has no ${stray}`, [stray])];
}

function onlyIpv4(params: NetworkParams): Problem[] {
  return (['subnet', 'ip_range', 'gateway'] as const)
    .filter((param) => params[param]?.includes(':'))
    .map((param) =>
      problem(
        `${params[param]} is an IPv6 ${param === 'gateway' ? 'address' : 'range'}, and only IPv4 is supported`,
        [param],
      ),
    );
}

/** What must lie in the subnet and doesn't. */
export function outside({ ip_range, gateway, aux_addresses = {} }: NetworkParams, subnet: Cidr): Problem[] {
  const range = ip_range === undefined ? undefined : parseCidr(ip_range).value;
  const isIn = (text: string) => {
    const address = parseAddress(text).value;
    return address === undefined || contains(subnet, address);
  };
  const told = (text: string, path: readonly string[]) =>
    problem(`${text} is not in the network's subnet`, path);
  return [
    ...(range === undefined || containsCidr(subnet, range) ? [] : [told(ip_range ?? '', ['ip_range'])]),
    ...(gateway === undefined || isIn(gateway) ? [] : [told(gateway, ['gateway'])]),
    ...Object.entries(aux_addresses)
      .filter(([, text]) => !isIn(text))
      .map(([name, text]) => told(text, ['aux_addresses', name])),
  ];
}

function taken({ options = {}, labels = {}, aux_addresses = {} }: NetworkParams): Problem[] {
  const own: readonly string[] = Object.values(ownOptions);
  const unusable = (param: string, record: object) =>
    Object.keys(record)
      .filter((key) => !/^[^=\0]+$/.test(key))
      .map((key) => problem(`a name in ${param} is not empty and has no '='`, [param, key]));
  return [
    ...Object.keys(options)
      .filter((option) => own.includes(option))
      .map((option) => problem(`${option} follows from other params of the step`, ['options', option])),
    ...(Object.hasOwn(labels, networkMark)
      ? [problem(`the label ${networkMark} is meshbook's own`, ['labels', networkMark])]
      : []),
    ...unusable('options', options),
    ...unusable('labels', labels),
    ...unusable('aux_addresses', aux_addresses),
  ];
}

function problem(message: string, path: readonly string[]): Problem {
  return { code: 'docker-network-params', message, path };
}
