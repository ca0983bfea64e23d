import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';

export type NetworkManagerName = 'ifupdown' | 'netplan' | 'NetworkManager' | 'systemd-networkd';

/** Who brings up which interfaces, by interface and in the order of the names above. */
export type NetworkManagers = Readonly<Record<string, readonly NetworkManagerName[]>>;

const order: readonly NetworkManagerName[] = ['ifupdown', 'netplan', 'NetworkManager', 'systemd-networkd'];

/**
 * ifupdown counts by what its files declare, while its service isn't switched off; netplan by the files that it has
 * made for the others, which then don't count themselves; the other two by what they say of each device, while they
 * run: asking one that doesn't run could start it.
 */
const family: FactFamily<NetworkManagers> = {
  name: 'network_managers',
  query: () =>
    raw(`if systemctl --quiet is-enabled networking 2>/dev/null; then
  sed -nE 's/^[[:space:]]*iface[[:space:]]+([^[:space:]]+)[[:space:]].*/ifupdown \\1/p' /etc/network/interfaces /etc/network/interfaces.d/* 2>/dev/null || :
fi
for file in /run/systemd/network/10-netplan-*.network /run/NetworkManager/system-connections/netplan-*; do
  [ -e "$file" ] || continue
  name=\${file##*netplan-}
  name=\${name%.network}
  echo "netplan \${name%.nmconnection}"
done
if systemctl --quiet is-active NetworkManager 2>/dev/null; then
  nmcli -t -f DEVICE,STATE device 2>/dev/null | sed -n 's/^\\([^:]*\\):\\([a-z]*\\).*/NetworkManager \\1 \\2/p' || :
fi
if systemctl --quiet is-active systemd-networkd 2>/dev/null; then
  networkctl list --no-legend --no-pager 2>/dev/null | sed -n 's/^ *[0-9]* *\\([^ ]*\\) .* \\([a-z]*\\) *$/systemd-networkd \\1 \\2/p' || :
fi`),
  parse: (output) => new Map([['', parse(output)]]),
  canonical: (value) => ({ ...value }),
};

export const networkManagersFact: FactQuery<NetworkManagers> = { family, key: '' };

function parse(output: string): NetworkManagers {
  const found = new Map<string, Set<NetworkManagerName>>();
  for (const line of output.split('\n')) {
    const [manager = '', name = '', state] = line.split(' ');
    const known = order.find((one) => one === manager);
    // Neither takes the loopback in earnest; both see every device, and say which ones aren't theirs.
    if (known === undefined || name === '' || name === 'lo' || state === 'unmanaged') continue;
    found.set(name, (found.get(name) ?? new Set()).add(known));
  }
  const own = ([name, managers]: [string, Set<NetworkManagerName>]) => {
    const list = order.filter((one) => managers.has(one));
    const made = managers.has('netplan');
    return [name, made ? list.filter((one) => one === 'ifupdown' || one === 'netplan') : list] as const;
  };
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(own));
}
