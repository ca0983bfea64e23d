import { tidy } from '../../json/records.ts';
import { flag, list, mapping, record, text } from '../schema.ts';
import { readAnswer } from '../unreadable.ts';

/** A running daemon, as it describes itself. */
export interface RunningDaemon {
  /** Its own command line. */
  readonly argv: readonly string[];
  /** Whether containers survive a restart of it, which then leaves their network unchanged. */
  readonly liveRestore: boolean;
  /** By name. */
  readonly networks: readonly DockerNetwork[];
  /** Running ones, by name. */
  readonly containers: readonly RunningContainer[];
}

export interface DockerNetwork {
  readonly name: string;
  readonly driver: string;
  /** Docker's own options for the driver, such as `com.docker.network.driver.mtu`. */
  readonly options: Readonly<Record<string, string>>;
  readonly subnet?: string;
  /** The part of the subnet from which containers get addresses. */
  readonly range?: string;
  readonly gateway?: string;
  /** Addresses that Docker reserves for something else, such as `DefaultGatewayIPv4`. */
  readonly reserved?: Readonly<Record<string, string>>;
  /** The network's bridge is Docker's, but the device doesn't exist. */
  readonly deviceMissing?: true;
  /** Its bridge, if Docker has chosen the name and no option has it. */
  readonly chosenBridge?: string;
}

/** The Linux bridge of a network; undefined if it has none. */
export function bridgeOf({ options, chosenBridge }: DockerNetwork): string | undefined {
  return options[bridgeName] ?? chosenBridge;
}

export interface RunningContainer {
  readonly name: string;
  /** `no`, `always`, `unless-stopped` or `on-failure`. */
  readonly restart: string;
  /** It is deleted when it stops (`--rm`). */
  readonly autoRemove: boolean;
  /** By name. */
  readonly networks: readonly string[];
  /** Paths that it mounts (`--mount type=bind`) and that are missing: it doesn't start without them. */
  readonly gone?: readonly string[];
}

export const bridgeName = 'com.docker.network.bridge.name';

export const daemonSchema = record({
  argv: list(text),
  liveRestore: flag,
  networks: list(
    record(
      { name: text, driver: text, options: mapping(text) },
      {
        subnet: text,
        range: text,
        gateway: text,
        reserved: mapping(text),
        deviceMissing: flag,
        chosenBridge: text,
      },
    ),
  ),
  containers: list(
    record({ name: text, restart: text, autoRemove: flag, networks: list(text) }, { gone: list(text) }),
  ),
});

interface InspectedNetwork {
  readonly Name: string;
  readonly Id?: string;
  readonly Driver: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly IPAM?: {
    readonly Config?:
      | readonly {
          readonly Subnet?: string;
          readonly IPRange?: string;
          readonly Gateway?: string;
          readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
        }[]
      | null;
  };
}

interface InspectedContainer {
  readonly Name: string;
  readonly HostConfig: {
    readonly RestartPolicy: { readonly Name: string };
    readonly AutoRemove: boolean;
    /** Those of `--mount`. `--volume` makes a missing path. */
    readonly Mounts?: readonly { readonly Type: string; readonly Source?: string }[] | null;
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> | null };
}

/**
 * Parses the sections of the query that only an active daemon has. @throws Unreadable if docker doesn't print that.
 */
export function runningDaemon(section: (name: string) => string | undefined): RunningDaemon {
  const devices = new Set((section('devices') ?? '').split('\n'));
  const gone = new Set((section('gone') ?? '').split('\n'));
  return {
    argv: (section('argv') ?? '').split('\n').slice(0, -1),
    liveRestore: section('live-restore')?.trim().split(' ')[0] === 'true',
    networks: inspected('network', section, (one: InspectedNetwork) => networkOf(one, devices)),
    containers: inspected('container', section, (one: InspectedContainer) => containerOf(one, gone)),
  };
}

function inspected<T, N extends { readonly name: string }>(
  what: 'network' | 'container',
  section: (name: string) => string | undefined,
  read: (one: T) => N,
): N[] {
  return readAnswer(`docker ${what} inspect`, section(`${what}s`) || '[]', (answer) =>
    (JSON.parse(answer) as readonly T[]).map(read).sort(byName),
  );
}

function networkOf(
  { Name: name, Id, Driver: driver, Options, IPAM }: InspectedNetwork,
  devices: Set<string>,
): DockerNetwork {
  const ipv4 = IPAM?.Config?.find(({ Subnet = '' }) => !Subnet.includes(':')) ?? {};
  const { Subnet: subnet, IPRange: range, Gateway: gateway, AuxiliaryAddresses: reserved } = ipv4;
  const options = Options ?? {};
  const device = options[bridgeName];
  const deviceMissing = device !== undefined && !devices.has(device) ? (true as const) : undefined;
  // libnetwork's bridge driver: `br-` and the first twelve digits of the network's id.
  const chosenBridge =
    driver === 'bridge' && device === undefined && Id !== undefined ? `br-${Id.slice(0, 12)}` : undefined;
  return tidy({
    name,
    driver,
    options: sorted(options),
    subnet,
    range: range || undefined,
    gateway,
    reserved,
    deviceMissing,
    chosenBridge,
  });
}

function containerOf(
  { Name, HostConfig, NetworkSettings }: InspectedContainer,
  gone: Set<string>,
): RunningContainer {
  const sources = (HostConfig.Mounts ?? []).flatMap(({ Type, Source = '' }) =>
    Type === 'bind' && gone.has(Source) ? [Source] : [],
  );
  return tidy({
    name: Name.replace(/^\//, ''),
    restart: HostConfig.RestartPolicy.Name || 'no',
    autoRemove: HostConfig.AutoRemove,
    networks: Object.keys(NetworkSettings.Networks ?? {}).sort(),
    gone: sources.length === 0 ? undefined : sources.sort(),
  });
}

function sorted(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
