import { expect, it } from 'vitest';
import { detailedAddresses, interfaces, withAddresses } from '../../src/facts/interfaces.ts';

const forever = { valid_life_time: 4294967295, preferred_life_time: 4294967295 };

/** As iproute2 6.1 prints them. */
const printed = JSON.stringify([
  {
    ifname: 'eth0',
    flags: ['UP'],
    mtu: 1500,
    addr_info: [
      {
        family: 'inet',
        local: '10.97.1.11',
        prefixlen: 24,
        broadcast: '10.97.1.255',
        scope: 'global',
        label: 'eth0',
        ...forever,
      },
      {
        family: 'inet',
        local: '10.97.1.12',
        prefixlen: 24,
        scope: 'global',
        secondary: true,
        label: 'eth0:1',
        ...forever,
      },
      {
        family: 'inet',
        local: '10.0.0.1',
        address: '10.0.0.2',
        prefixlen: 32,
        scope: 'link',
        label: 'odd',
        metric: 7,
        ...forever,
      },
      {
        family: 'inet6',
        local: 'fd00::1',
        prefixlen: 64,
        scope: 'global',
        noprefixroute: true,
        valid_life_time: 4294967295,
        preferred_life_time: 0,
      },
      {
        family: 'inet6',
        local: '2001:db8::1',
        prefixlen: 64,
        scope: 'global',
        dynamic: true,
        mngtmpaddr: true,
        valid_life_time: 86399,
        preferred_life_time: 14399,
      },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link', ...forever },
    ],
  },
  {
    ifname: 'eth1',
    flags: [],
    mtu: 1500,
    addr_info: [
      { family: 'inet', local: '10.0.1.1', prefixlen: 24, scope: 'global', label: 'eth1', ...forever },
      { family: 'inet', local: '127.0.0.9', prefixlen: 8, scope: 'host', label: 'eth1', ...forever },
    ],
  },
]);

const read = () => interfaces.parse(printed, ['']).get('') ?? [];

it('reads addresses with all their settings', () => {
  const [eth0, eth1] = read();
  expect(eth0?.details).toEqual([
    { address: '10.97.1.11/24', broadcast: '10.97.1.255' },
    { address: '10.97.1.12/24', alias: '1' },
    { address: '10.0.0.1/32', peer: '10.0.0.2', scope: 'link', label: 'odd', metric: 7 },
    { address: 'fd00::1/64', noPrefixRoute: true, deprecated: true },
    { address: '2001:db8::1/64', lent: true },
  ]);
  expect(eth0?.addresses).toContain('fe80::1/64');
  expect(eth1).not.toHaveProperty('details');
});

it('writes a full entry for an address given as a text only', () => {
  expect(
    detailedAddresses({ name: 'x', mtu: 1500, up: true, addresses: ['10.0.0.1/24', 'fe80::1/64'] }),
  ).toEqual([{ address: '10.0.0.1/24' }]);
});

it('keeps the settings of addresses that stay, and none of those that are removed', () => {
  const [eth0] = read();
  if (eth0 === undefined) throw new Error('eth0 is missing');
  const fewer = withAddresses(eth0, ['10.97.1.12/24', '10.9.9.9/24']);
  expect(fewer.addresses).toEqual(['10.97.1.12/24', '10.9.9.9/24']);
  expect(fewer.details).toEqual([{ address: '10.97.1.12/24', alias: '1' }, { address: '10.9.9.9/24' }]);
  expect(withAddresses(fewer, ['10.9.9.9/24'])).not.toHaveProperty('details');
});
