/**
 * What dockerd accepts in its configuration file, from 20.10 to 28.5: names from `dockerd --help` and from the tags of
 * moby's daemon/config, types from the same structs. A type that differs between versions is `anything`.
 */
const shapes = {
  boolean: `debug experimental icc init ip-forward ip-masq ip6tables iptables ipv6 live-restore no-new-privileges
    raw-logs selinux-enabled tls tlsverify userland-proxy cri-containerd ip-forward-no-drop allow-direct-routing`,
  integer: `mtu cpu-rt-period cpu-rt-runtime max-concurrent-downloads max-concurrent-uploads max-download-attempts
    network-control-plane-mtu network-diagnostic-port oom-score-adjust shutdown-timeout`,
  text: `api-cors-header bip bip6 bridge bridge-accept-fwmark cgroup-parent containerd containerd-namespace
    containerd-plugins-namespace data-root default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode
    default-runtime default-shm-size exec-root firewall-backend fixed-cidr fixed-cidr-v6 group host-gateway-ip
    init-path ip log-driver log-format log-level metrics-addr pidfile seccomp-profile storage-driver
    swarm-default-advertise-addr tlscacert tlscert tlskey userland-proxy-path userns-remap`,
  texts: `allow-nondistributable-artifacts authorization-plugins cdi-spec-dirs dns dns-opts dns-search exec-opts hosts
    host-gateway-ips insecure-registries labels node-generic-resources registry-mirrors storage-opts`,
  // Docker ignores keys that are named like a flag and aren't options of the file.
  anything: `add-runtime authorization-plugin builder cluster-advertise cluster-store cluster-store-opt
    cluster-store-opts config-file default-address-pool default-address-pools default-network-opt
    default-network-opts default-ulimit default-ulimits deprecated-key-path dns-opt exec-opt features graph help host
    http-proxy https-proxy insecure-registry label log-opt log-opts no-proxy node-generic-resource proxies
    registry-mirror restart rootless runtimes storage-opt validate version`,
};

type Shape = keyof typeof shapes;

const shapeOf = new Map<string, Shape>(
  (Object.entries(shapes) as [Shape, string][]).flatMap(([shape, names]) =>
    names.split(/\s+/).map((name): [string, Shape] => [name, shape]),
  ),
);

/** The first major version with the key; the others are already in 20.10. */
const since: Readonly<Record<string, number>> = {
  'http-proxy': 23,
  'https-proxy': 23,
  'no-proxy': 23,
  validate: 23,
  'default-network-opt': 24,
  'log-format': 24,
  'cdi-spec-dirs': 25,
  'allow-direct-routing': 28,
  bip6: 28,
  'bridge-accept-fwmark': 28,
  'ip-forward-no-drop': 28,
  'firewall-backend': 29,
  'host-gateway-ips': 29,
};

/** The versions for which this list is complete. */
const [first, last] = [20, 28];

/** Keys whose values Docker doesn't flatten: for all other objects it looks at the keys inside them. */
const flat = new Set([
  'builder',
  'cluster-store-opts',
  'default-ulimits',
  'features',
  'log-opts',
  'runtimes',
]);

const expected: Readonly<Record<Exclude<Shape, 'anything'>, [string, (value: unknown) => boolean]>> = {
  boolean: ['true or false, without quotes', (value) => typeof value === 'boolean'],
  integer: ['a whole number, without quotes', (value) => Number.isInteger(value)],
  text: ['a text in quotes', (value) => typeof value === 'string'],
  texts: [
    'a list of texts',
    (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  ],
};

/** Keys whose values are mappings to values of one type. */
const mappings: Readonly<Record<string, Exclude<Shape, 'anything'>>> = {
  features: 'boolean',
  'log-opts': 'text',
};

/**
 * What makes dockerd refuse to start with this configuration file: unknown keys and values of a wrong type, each as a
 * sentence without a full stop. `version` is that of `dockerd --version`; for a version outside the list no key counts
 * as unknown.
 */
export function refusedKeys(values: Readonly<Record<string, unknown>>, version?: string): string[] {
  const major = Number(/^(\d+)\./.exec(version ?? '')?.[1] ?? Number.NaN);
  return [
    ...unfolded(values, major).flatMap((key) => unknown(key, major)),
    ...Object.entries(values).flatMap(([key, value]) => wrongType(key, value)),
  ];
}

/** Like dockerd's configValuesSet; 24.0 added `default-network-opts` to the keys that it leaves alone. */
function unfolded(values: Readonly<Record<string, unknown>>, major: number): string[] {
  const isWhole = (key: string) => flat.has(key) || (key === 'default-network-opts' && !(major < 24));
  return Object.entries(values).flatMap(([key, value]) =>
    isMapping(value) && !isWhole(key) ? Object.keys(value) : [key],
  );
}

function unknown(key: string, major: number): string[] {
  if (!(major >= first && major <= last)) return [];
  if (!shapeOf.has(key)) return [`Docker knows no option '${key}'`];
  const from = since[key];
  return from !== undefined && major < from ? [`Docker knows '${key}' from version ${from} on`] : [];
}

function wrongType(key: string, value: unknown): string[] {
  const shape = shapeOf.get(key);
  const mapping = mappings[key];
  // Go's decoder ignores null.
  if (value === null) return [];
  if (mapping !== undefined) {
    if (!isMapping(value)) return [`'${key}' must be a mapping in braces`];
    return Object.entries(value).flatMap(([inner, one]) => mustBe(`${key}: ${inner}`, one, mapping));
  }
  return shape === undefined || shape === 'anything' ? [] : mustBe(key, value, shape);
}

function mustBe(key: string, value: unknown, shape: Exclude<Shape, 'anything'>): string[] {
  const [words, fits] = expected[shape];
  return fits(value) ? [] : [`'${key}' must be ${words}`];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const plurals: Readonly<Record<string, string>> = {
  'insecure-registries': 'insecure-registry',
};
const shorts: Readonly<Record<string, string>> = {
  bridge: 'b',
  debug: 'D',
  graph: 'g',
  group: 'G',
  hosts: 'H',
  'log-level': 'l',
  pidfile: 'p',
};
const listsByFlag = new Set([
  'authorization-plugins',
  'default-address-pools',
  'default-network-opts',
  'default-ulimits',
  'dns-opts',
  'exec-opts',
  'hosts',
  'labels',
  'log-opts',
  'node-generic-resources',
  'registry-mirrors',
  'storage-opts',
]);

/** The flag that conflicts with a key of the file: dockerd doesn't start with both. Undefined if they are merged. */
export function flagOfKey(
  key: string,
): { readonly name: string; readonly short?: string; readonly boolean?: true } | undefined {
  if (key === 'runtimes' || !shapeOf.has(key)) return undefined;
  const short = shorts[key];
  return {
    name: plurals[key] ?? (listsByFlag.has(key) ? key.slice(0, -1) : key),
    ...(short === undefined ? {} : { short }),
    ...(shapeOf.get(key) === 'boolean' ? { boolean: true as const } : {}),
  };
}
