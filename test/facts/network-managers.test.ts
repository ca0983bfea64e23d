import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { identityFact } from '../../src/facts/identity.ts';
import { networkManagersFact } from '../../src/facts/network-managers.ts';

const managers = (output: string) => networkManagersFact.family.parse(output, ['']).get('');

const links = '/run/systemd/netif/links';
const networkd = (index: number, name: string, state: string, file?: string) =>
  [
    `index ${index} ${name}`,
    `${links}/${index}:ADMIN_STATE=${state}`,
    ...(file === undefined ? [] : [`${links}/${index}:NETWORK_FILE=${file}`]),
    '',
  ].join('\n');

it.each([
  ['one manager has it', 'ifupdown eth0\n', { eth0: ['ifupdown'] }],
  [
    'what is unmanaged, or set up by others, has no manager',
    `NetworkManager eth0:unmanaged:\nNetworkManager br0:connected (externally):br0\n${networkd(2, 'eth0', 'unmanaged')}`,
    {},
  ],
  [
    'two managers have it',
    `ifupdown eth0\nNetworkManager eth0:connected:LAN\n${networkd(3, 'eth1', 'configured', '/etc/systemd/network/eth1.network')}`,
    { eth0: ['ifupdown', 'NetworkManager'], eth1: ['systemd-networkd'] },
  ],
  [
    'netplan owns what it delegates, whatever its name in the files',
    `ifupdown eth0\nnetplan eth0\n${networkd(2, 'eth0', 'configuring', '/run/systemd/network/10-netplan-all.network')}NetworkManager eth1:connected:netplan-lan\nNetworkManager eth0:connecting (getting IP configuration):Wired connection 1\n`,
    { eth0: ['ifupdown', 'netplan', 'NetworkManager'], eth1: ['netplan'] },
  ],
  ['the loopback has no manager, and a pattern is not a name', 'ifupdown lo\nnetplan eth*\n', {}],
])('%s', (_, output, expected) => {
  expect(managers(output)).toEqual(expected);
});

it('a Debian 12 host with all four at once', () => {
  const output = readFileSync(join(import.meta.dirname, 'network-managers/debian12-all-four.txt'), 'utf8');
  expect(managers(output)).toEqual({
    eth0: ['ifupdown'],
    nd0: ['NetworkManager', 'systemd-networkd'],
    nd1: ['NetworkManager'],
    nm0: ['netplan'],
    nm1: ['NetworkManager'],
    np0: ['netplan'],
    np1: ['netplan'],
    npbr: ['netplan'],
    phy0: ['NetworkManager'],
  });
});

it('what identifies a host is kept as hashes', () => {
  const [identity] = identityFact.family
    .parse('ovs 7c0e5ff6-0d2a\nssh ssh-ed25519 AAAAC3Nz\nssh ssh-rsa AAAAB3Nz\n', [''])
    .values();
  expect(JSON.stringify(identity)).not.toMatch(/7c0e5ff6|AAAA/);
  expect(identity?.sshHostKeys).toHaveLength(2);
  expect(identity?.ovs).toMatch(/^[0-9a-f]{16}$/);
});
