import { expect, it } from 'vitest';
import { identityFact } from '../../src/facts/identity.ts';
import { networkManagersFact } from '../../src/facts/network-managers.ts';

const managers = (output: string) => networkManagersFact.family.parse(output, ['']).get('');

it.each([
  ['one has it', 'ifupdown eth0\n', { eth0: ['ifupdown'] }],
  [
    'what is unmanaged has no manager',
    'NetworkManager eth0 unmanaged\nsystemd-networkd eth0 unmanaged\n',
    {},
  ],
  [
    'two have it',
    'ifupdown eth0\nNetworkManager eth0 connected\nsystemd-networkd eth1 configured\n',
    { eth0: ['ifupdown', 'NetworkManager'], eth1: ['systemd-networkd'] },
  ],
  [
    'netplan stands for whom it makes files',
    'ifupdown eth0\nnetplan eth0\nnetplan eth1\nsystemd-networkd eth0 configured\nsystemd-networkd eth1 configured\n',
    { eth0: ['ifupdown', 'netplan'], eth1: ['netplan'] },
  ],
  ['the loopback is nobody’s', 'ifupdown lo\nsystemd-networkd lo carrier\n', {}],
])('%s', (_, output, expected) => {
  expect(managers(output)).toEqual(expected);
});

it('what makes a host itself is kept as hashes', () => {
  const [identity] = identityFact.family
    .parse('ovs 7c0e5ff6-0d2a\nssh ssh-ed25519 AAAAC3Nz\nssh ssh-rsa AAAAB3Nz\n', [''])
    .values();
  expect(JSON.stringify(identity)).not.toMatch(/7c0e5ff6|AAAA/);
  expect(identity?.sshHostKeys).toHaveLength(2);
  expect(identity?.ovs).toMatch(/^[0-9a-f]{16}$/);
});
