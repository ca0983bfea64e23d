import { tidy } from '../../json/records.ts';
import { flag, list, mapping, record, text } from '../schema.ts';
import { readAnswer } from '../unreadable.ts';
import { type Attached, memberSchema, membersOf, type NetworkMember } from './members.ts';

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
  /** Nothing leads out of it. */
  readonly internal?: true;
  readonly labels?: Readonly<Record<string, string>>;
  /** What else is special about it, a few words each: `IPv6`, `attachable`. */
  readonly other?: readonly string[];
  /** Its containers by name, stopped ones too. Left out: none, or one of the networks that Docker always has. */
  readonly members?: readonly NetworkMember[];
}

/** What marks a network as ours, among its labels. */
export const networkMark = 'meshbook';

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
        internal: flag,
        labels: mapping(text),
        other: list(text),
        members: list(memberSchema),
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
  readonly Internal?: boolean;
  readonly EnableIPv6?: boolean;
  readonly Attachable?: boolean;
  readonly ConfigOnly?: boolean;
  readonly ConfigFrom?: { readonly Network?: string };
  readonly Scope?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly IPAM?: {
    readonly Driver?: string;
    readonly Options?: Readonly<Record<string, string>> | null;
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
  readonly Id?: string;
  readonly Name: string;
  readonly HostConfig: {
    readonly RestartPolicy: { readonly Name: string };
    readonly AutoRemove: boolean;
    /** Those of `--mount`. `--volume` makes a missing path. */
    readonly Mounts?: readonly { readonly Type: string; readonly Source?: string }[] | null;
  };
  readonly NetworkSettings: { readonly Networks: Attached['Networks'] };
}

/**
 * Parses the sections of the query that only an active daemon has. @throws Unreadable if docker doesn't print that.
 */
export function runningDaemon(section: (name: string) => string | undefined): RunningDaemon {
  const devices = new Set((section('devices') ?? '').split('\n'));
  const gone = new Set((section('gone') ?? '').split('\n'));
  const members = membersOf([
    ...inspected('container', section('containers'), ({ NetworkSettings, ...rest }: InspectedContainer) => ({
      ...rest,
      ...NetworkSettings,
      running: true,
    })),
    ...stopped(section('stopped') ?? ''),
  ]);
  return {
    argv: (section('argv') ?? '').split('\n').slice(0, -1),
    liveRestore: section('live-restore')?.trim().split(' ')[0] === 'true',
    networks: inspected('network', section('networks'), (one: InspectedNetwork) =>
      networkOf(one, devices, members.get(one.Name)),
    ).sort(byName),
    containers: inspected('container', section('containers'), (one: InspectedContainer) =>
      containerOf(one, gone),
    ).sort(byName),
  };
}

function inspected<T, N>(
  what: 'network' | 'container',
  printed: string | undefined,
  read: (one: T) => N,
): N[] {
  return readAnswer(`docker ${what} inspect`, printed || '[]', (answer) =>
    (JSON.parse(answer) as readonly T[]).map(read),
  );
}

/** One container a line: ID NAME NETWORKS, each as JSON. */
function stopped(printed: string) {
  return readAnswer('docker container inspect', printed, (answer) =>
    answer
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, id = '', name = '', networks = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
        const [Id, Name, Networks] = [id, name, networks].map((part): unknown => JSON.parse(part));
        return { Id, Name, Networks, running: false } as Attached & { readonly running: false };
      }),
  );
}

function networkOf(
  one: InspectedNetwork,
  devices: Set<string>,
  members: readonly NetworkMember[] | undefined,
): DockerNetwork {
  const { Name: name, Id, Driver: driver, Options, IPAM, Labels } = one;
  const ipv4 = IPAM?.Config?.find(({ Subnet = '' }) => !Subnet.includes(':')) ?? {};
  const { Subnet: subnet, IPRange: range, Gateway: gateway, AuxiliaryAddresses: reserved } = ipv4;
  const options = Options ?? {};
  const device = options[bridgeName];
  const deviceMissing = device !== undefined && !devices.has(device) ? (true as const) : undefined;
  // libnetwork's bridge driver: `br-` and the first twelve digits of the network's id.
  const chosenBridge =
    driver === 'bridge' && device === undefined && Id !== undefined ? `br-${Id.slice(0, 12)}` : undefined;
  const other = otherOf(one);
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
    internal: one.Internal ? (true as const) : undefined,
    labels: Object.keys(Labels ?? {}).length === 0 ? undefined : sorted(Labels ?? {}),
    other: other.length === 0 ? undefined : other,
    members: alwaysThere.includes(name) ? undefined : members,
  });
}

const alwaysThere = ['bridge', 'host', 'none'];

/** What the other fields don't say. */
function otherOf({
  EnableIPv6,
  Attachable,
  ConfigOnly,
  ConfigFrom,
  Scope,
  IPAM,
}: InspectedNetwork): string[] {
  const ranges = IPAM?.Config?.filter(({ Subnet = '' }) => !Subnet.includes(':')).length ?? 0;
  const { Driver: driver = 'default', Options: options } = IPAM ?? {};
  return [
    ...(EnableIPv6 ? ['IPv6'] : []),
    ...(ranges > 1 ? [`${ranges} IPv4 ranges`] : []),
    ...(Attachable ? ['attachable'] : []),
    ...(ConfigOnly ? ['only a configuration'] : []),
    ...(ConfigFrom?.Network ? [`configuration from ${ConfigFrom.Network}`] : []),
    ...(Scope !== undefined && Scope !== 'local' ? [`scope ${Scope}`] : []),
    ...(driver === 'default' ? [] : [`addresses by ${driver}`]),
    ...Object.keys(options ?? {}).map((option) => `address option ${option}`),
  ];
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
