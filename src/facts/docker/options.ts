import { tidy } from '../../json/records.ts';
import { bridgeName, type DockerNetwork, type RunningDaemon } from './daemon.ts';

/**
 * Options of the daemon that show in its default network, whatever file sets them. `subnet` follows from the bridge's
 * address, or from `bip`.
 */
export interface DockerOptions {
  readonly bridge?: string;
  readonly subnet?: string;
  readonly fixed_cidr?: string;
  readonly default_gateway?: string;
  /** Bytes. */
  readonly mtu?: number;
  readonly icc?: boolean;
  readonly ip_masq?: boolean;
}

const driver = {
  mtu: 'com.docker.network.driver.mtu',
  icc: 'com.docker.network.bridge.enable_icc',
  ip_masq: 'com.docker.network.bridge.enable_ip_masquerade',
};

/** The options in effect in a running daemon. A bridge without a device counts as none. */
export function dockerOptions(daemon: RunningDaemon): DockerOptions {
  const network = daemon.networks.find(isDefault);
  if (network === undefined) return {};
  const { options } = network;
  return tidy({
    bridge: network.deviceMissing ? undefined : options[bridgeName],
    subnet: network.subnet,
    fixed_cidr: network.range,
    default_gateway: network.reserved?.DefaultGatewayIPv4,
    mtu: number(options[driver.mtu]),
    icc: boolean(options[driver.icc]),
    ip_masq: boolean(options[driver.ip_masq]),
  });
}

/** The daemon (a new one: null) once it uses these options. */
export function daemonWith(daemon: RunningDaemon | null, options: DockerOptions): RunningDaemon {
  const { networks, ...rest } = daemon ?? { argv: [], liveRestore: false, networks: [], containers: [] };
  const now: DockerNetwork = networks.find(isDefault) ?? { name: 'bridge', driver: 'bridge', options: {} };
  const { deviceMissing, ...there } = now;
  const { bridge, subnet, fixed_cidr: range, default_gateway: gateway, mtu, icc, ip_masq } = options;
  const given = Object.fromEntries(
    Object.entries({
      [bridgeName]: bridge,
      [driver.mtu]: mtu,
      [driver.icc]: icc,
      [driver.ip_masq]: ip_masq,
    }).flatMap(([option, value]) => (value === undefined ? [] : [[option, String(value)]])),
  ) as Record<string, string>;
  const network: DockerNetwork = {
    ...(bridge === undefined ? now : there),
    ...tidy({ subnet, range }),
    ...(gateway === undefined ? {} : { reserved: { ...now.reserved, DefaultGatewayIPv4: gateway } }),
    options: { ...now.options, ...given },
  };
  return { ...rest, networks: [...networks.filter((one) => !isDefault(one)), network] };
}

/** Whether a network is the one to which Docker's own options apply. */
export function isDefault({ name, driver: kind }: DockerNetwork): boolean {
  return name === 'bridge' && kind === 'bridge';
}

/** Docker itself refuses anything else. */
function number(value = ''): number | undefined {
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function boolean(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}
