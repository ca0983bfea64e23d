import { isDeepStrictEqual } from 'node:util';
import type { NetworkSettings } from '../../changes/docker-network/change.ts';
import { parseDockerConfig } from '../../facts/docker/config.ts';
import { type DockerNetwork, networkMark } from '../../facts/docker/daemon.ts';
import { configPath } from '../../facts/docker/files.ts';
import type { Facts } from '../../facts/fact.ts';
import { fileFact } from '../../facts/file.ts';
import { parseAddress } from '../../net/address.ts';
import { contains, parseCidr } from '../../net/cidr.ts';

/** In what a network differs from the one that a step asks for, by the names of params. */
export function differences(existing: DockerNetwork, wanted: NetworkSettings, facts: Facts): string[] {
  const { [networkMark]: _, ...labels } = existing.labels ?? {};
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    driver: [existing.driver, wanted.driver],
    subnet: [existing.subnet, wanted.subnet],
    ip_range: [existing.range, wanted.range],
    // Where nobody says it, Docker chooses.
    gateway: [wanted.gateway === undefined ? undefined : existing.gateway, wanted.gateway],
    aux_addresses: [existing.reserved ?? {}, wanted.reserved ?? {}],
    internal: [existing.internal ?? false, wanted.internal ?? false],
    labels: [labels, wanted.labels ?? {}],
    options: [withoutDefaults(existing, wanted, facts), wanted.options],
  };
  return Object.entries(pairs)
    .filter(([, [is, should]]) => !isDeepStrictEqual(is, should))
    .map(([name]) => name);
}

/** Without options that Docker gives to every network of the driver, as its configuration tells it to. */
function withoutDefaults(
  { driver, options }: DockerNetwork,
  wanted: NetworkSettings,
  facts: Facts,
): Readonly<Record<string, string>> {
  const file = facts.find(fileFact(configPath));
  const config = file?.kind === 'text' ? parseDockerConfig(file.content).values : undefined;
  const defaults = recordIn(recordIn(config, 'default-network-opts'), driver) ?? {};
  const isDefault = ([key, value]: [string, string]) =>
    !Object.hasOwn(wanted.options, key) && Object.hasOwn(defaults, key) && String(defaults[key]) === value;
  return Object.fromEntries(Object.entries(options).filter((one) => !isDefault(one)));
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const inner = (value as Readonly<Record<string, unknown>>)[key];
  return typeof inner === 'object' && inner !== null
    ? (inner as Readonly<Record<string, unknown>>)
    : undefined;
}

export function isWithin(address: string, subnet: string | undefined): boolean {
  const range = subnet === undefined ? undefined : parseCidr(subnet).value;
  const parsed = parseAddress(address).value;
  return range === undefined || parsed === undefined || contains(range, parsed);
}
