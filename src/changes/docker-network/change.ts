import { type DockerNetwork, networkMark } from '../../facts/docker/daemon.ts';
import { argument, either, list, nothing, recordOf, type Schema, text } from '../../facts/schema.ts';
import { tidy } from '../../json/records.ts';
import { type ChangeBase, changeSchema } from '../change.ts';

/** A network of Docker's, as `docker network create` makes it. */
export interface NetworkSettings {
  readonly driver: string;
  /** Of the driver, such as `com.docker.network.driver.mtu`. */
  readonly options: Readonly<Record<string, string>>;
  readonly subnet?: string;
  /** The part of the subnet that containers get addresses from. */
  readonly range?: string;
  readonly gateway?: string;
  /** Addresses that no container gets, by any names. */
  readonly reserved?: Readonly<Record<string, string>>;
  readonly internal?: true;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A Docker network is made, removed, or made anew, since Docker can't change one: its containers are disconnected and
 * connected again.
 */
export interface ContainerNetworkChange extends ChangeBase {
  readonly type: 'container_network';
  readonly name: string;
  readonly before: NetworkSettings | null;
  readonly after: NetworkSettings | null;
  /** Running containers that are disconnected and connected again, by name. */
  readonly reconnected?: readonly string[];
  /** The same of stopped ones, which would not start any more. */
  readonly stopped?: readonly string[];
}

/** Names that mean the same in all of Docker's answers and filters; a part of the names that Docker takes. */
export const networkName = '^[A-Za-z0-9][A-Za-z0-9_.-]*$';

const arguments_: Schema = {
  type: 'object',
  propertyNames: { pattern: '^[^\\u0000=]+$' },
  additionalProperties: argument,
};

const settings = either(
  recordOf<NetworkSettings>(
    { driver: argument, options: arguments_ },
    {
      subnet: argument,
      range: argument,
      gateway: argument,
      reserved: arguments_,
      internal: { const: true },
      labels: arguments_,
    },
  ),
  nothing,
);

export const containerNetworkSchema = changeSchema<ContainerNetworkChange>(
  'container_network',
  { name: { type: 'string', pattern: networkName }, before: settings, after: settings },
  { reconnected: list(text), stopped: list(text) },
);

/** All that a change of it needs to hold. */
export function settingsOf(network: DockerNetwork): NetworkSettings {
  const { driver, options, subnet, range, gateway, reserved, internal, labels } = network;
  return tidy({ driver, options, subnet, range, gateway, reserved, internal, labels });
}

/** Whether a run of meshbook made it. */
export function isOurs({ labels = {} }: Pick<NetworkSettings, 'labels'>): boolean {
  return Object.hasOwn(labels, networkMark);
}

/** What a reviewer sees of it and what is compared, by names that are the same in every run. */
export function namedSettings({
  driver,
  subnet,
  range,
  gateway,
  internal,
  ...records
}: NetworkSettings): Map<string, string | boolean> {
  const plain = Object.entries({ driver, subnet, ip_range: range, gateway, internal });
  const named = (word: string, record: Readonly<Record<string, string>> = {}) =>
    Object.entries(record).map(([key, value]): [string, string] => [`${word} ${key}`, value]);
  return new Map<string, string | boolean>([
    ...plain.flatMap(([name, value]): [string, string | boolean][] =>
      value === undefined ? [] : [[name, value]],
    ),
    ...named('reserved', records.reserved),
    ...named('option', records.options),
    ...named('label', records.labels).filter(([name]) => name !== `label ${networkMark}`),
  ]);
}
