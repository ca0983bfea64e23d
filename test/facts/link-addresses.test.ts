import { expect, it } from 'vitest';
import { linkAddressesFact } from '../../src/facts/link-addresses.ts';

const forever = { valid_life_time: 4294967295, preferred_life_time: 4294967295 };

/** As iproute2 6.1 prints them. */
const printed = JSON.stringify([
  {},
  {
    ifname: 'eth0',
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
]);

it('reads addresses with all that can be set of them', () => {
  const [eth0, eth1] = ['eth0', 'eth1'].map((name) =>
    linkAddressesFact(name).family.parse(printed, ['eth0', 'eth1']).get(name),
  );
  expect(eth0).toEqual([
    { address: '10.97.1.11/24', broadcast: '10.97.1.255' },
    { address: '10.97.1.12/24', alias: '1' },
    { address: '10.0.0.1/32', peer: '10.0.0.2', scope: 'link', label: 'odd', metric: 7 },
    { address: 'fd00::1/64', noPrefixRoute: true, deprecated: true },
    { address: '2001:db8::1/64', lent: true },
  ]);
  expect(eth1).toEqual([]);
});
