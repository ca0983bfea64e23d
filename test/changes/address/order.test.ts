import { expect, it } from 'vitest';
import { addressesWith, addressesWithout } from '../../../src/changes/address/order.ts';

// As kernel 6.1 has them, with promote_secondaries.
const old = ['10.0.0.1/24', '10.0.0.14/24', '10.0.0.15/24', 'fd00::1/64'];

it.each([
  [
    'a primary address is added before secondary ones',
    '10.1.0.1/24',
    [old[0], '10.1.0.1/24', ...old.slice(1)],
  ],
  ['a secondary address is added after them', '10.0.0.16/24', [...old.slice(0, 3), '10.0.0.16/24', old[3]]],
  ['another prefix length is another network', '10.0.0.1/16', [old[0], '10.0.0.1/16', ...old.slice(1)]],
  ['IPv6 is added last', 'fd01::1/64', [...old, 'fd01::1/64']],
])('%s', (_, address, all) => {
  expect(addressesWith(old, address)).toEqual(all);
});

it('the next address of its network is promoted when a primary one is deleted, after the other primary ones', () => {
  const both = addressesWith(old, '10.1.0.1/24');
  expect(addressesWithout(both, '10.0.0.1/24')).toEqual([
    '10.1.0.1/24',
    '10.0.0.14/24',
    '10.0.0.15/24',
    'fd00::1/64',
  ]);
});

it('nothing moves when a secondary address is deleted, or one that is alone in its network', () => {
  expect(addressesWithout(old, '10.0.0.14/24')).toEqual([old[0], ...old.slice(2)]);
  expect(addressesWithout(['10.1.0.1/24', ...old], '10.1.0.1/24')).toEqual(old);
});
