import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { list, mapping, oneOf } from './schema.ts';

export type NetworkManagerName = 'ifupdown' | 'netplan' | 'NetworkManager' | 'systemd-networkd';

/** The managers of each interface, in the order of the names above. */
export type NetworkManagers = Readonly<Record<string, readonly NetworkManagerName[]>>;

const order: readonly NetworkManagerName[] = ['ifupdown', 'netplan', 'NetworkManager', 'systemd-networkd'];

/**
 * ifupdown counts by its files' declarations, unless its service is disabled. The two daemons count by what they
 * report for each device while they run: asking a stopped one could start it. What netplan delegates to them is
 * netplan's; it also counts by the files that it has made for a stopped one.
 */
const family: FactFamily<NetworkManagers> = {
  name: 'network_managers',
  command: 'nmcli and grep',
  schema: mapping(list(oneOf(...order))),
  query: () =>
    raw(`if systemctl --quiet is-enabled networking 2>/dev/null; then
  sed -nE 's/^[[:space:]]*iface[[:space:]]+([^[:space:]]+)[[:space:]].*/ifupdown \\1/p' /etc/network/interfaces /etc/network/interfaces.d/* 2>/dev/null || :
fi
sed -n 's/^Name=/netplan /p' /run/systemd/network/10-netplan-*.network 2>/dev/null || :
sed -n 's/^interface-name=/netplan /p' /run/NetworkManager/system-connections/netplan-* 2>/dev/null || :
if systemctl --quiet is-active NetworkManager 2>/dev/null; then
  nmcli -t -f DEVICE,STATE,CONNECTION device 2>/dev/null | sed 's/^/NetworkManager /' || :
fi
if systemctl --quiet is-active systemd-networkd 2>/dev/null; then
  for link in /sys/class/net/*; do
    read -r index <"$link/ifindex" && echo "index $index \${link##*/}"
  done 2>/dev/null || :
  grep -HE '^(ADMIN_STATE|NETWORK_FILE)=' /run/systemd/netif/links/* 2>/dev/null || :
fi`),
  parse: (output) => new Map([['', parse(output)]]),
  canonical: (value) => ({ ...value }),
};

export const networkManagersFact: FactQuery<NetworkManagers> = { family, key: '' };

function parse(output: string): NetworkManagers {
  const lines = output.split('\n');
  const pairs = [...lines.flatMap(ofLine), ...ofNetworkd(lines)];
  const found = new Map<string, Set<NetworkManagerName>>();
  for (const { name, manager } of pairs) {
    // The loopback interface has no manager, and patterns are reported by the daemons with what they match.
    if (name === 'lo' || /[*?[!]/.test(name)) continue;
    found.set(name, (found.get(name) ?? new Set()).add(manager));
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([name, managers]) => [name, order.filter((one) => managers.has(one))]),
  );
}

interface Managed {
  readonly name: string;
  readonly manager: NetworkManagerName;
}

function ofLine(line: string): Managed[] {
  const [first = '', ...words] = line.split(' ');
  if (first === 'NetworkManager') return ofNetworkManager(words.join(' '));
  if (first !== 'ifupdown' && first !== 'netplan') return [];
  return words.map((name) => ({ name, manager: first }));
}

/** nmcli(1), `DEVICE:STATE:CONNECTION`. It lists every device, including those that others have set up. */
function ofNetworkManager(text: string): Managed[] {
  const [, name, state = '', connection = ''] = /^([^:]*):([^:]*):(.*)$/.exec(text) ?? [];
  if (name === undefined || state === 'unmanaged' || state.endsWith('(externally)')) return [];
  return [{ name, manager: connection.startsWith('netplan-') ? 'netplan' : 'NetworkManager' }];
}

/** systemd-networkd's file for each link, by its index: without a file, it doesn't manage the link. */
function ofNetworkd(lines: readonly string[]): Managed[] {
  const names = new Map<string, string>();
  const unmanaged = new Set<string>();
  for (const line of lines) {
    const [, index, name] = /^index (\d+) (.+)$/.exec(line) ?? [];
    if (index !== undefined && name !== undefined) names.set(index, name);
    const [, free] = /^\/run\/systemd\/netif\/links\/(\d+):ADMIN_STATE=unmanaged$/.exec(line) ?? [];
    if (free !== undefined) unmanaged.add(free);
  }
  return lines.flatMap((line) => {
    const [, index = '', file = ''] =
      /^\/run\/systemd\/netif\/links\/(\d+):NETWORK_FILE=(.+)$/.exec(line) ?? [];
    const name = names.get(index);
    if (name === undefined || unmanaged.has(index)) return [];
    const isNetplans = /^\/run\/systemd\/network\/\d+-netplan-/.test(file);
    return [{ name, manager: isNetplans ? 'netplan' : 'systemd-networkd' }];
  });
}
