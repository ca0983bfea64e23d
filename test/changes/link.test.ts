import { describe, expect, it } from 'vitest';
import { addressChange, addressPrimitive } from '../../src/changes/address/address.ts';
import type { LinkChange } from '../../src/changes/link/change.ts';
import { bridgeMac, linkPrimitive } from '../../src/changes/link/link.ts';
import { changeView } from '../../src/changes/registry.ts';
import { withdraw } from '../../src/changes/withdraw.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';

const eth1 = { name: 'eth1', mtu: 1500, up: true, master: 'br0', addresses: ['10.0.0.1/24', 'fe80::1/64'] };
const facts = new Facts().with(interfacesFact, [eth1]);

function link(before: LinkChange['before'], after: LinkChange['after'], name = 'br0'): LinkChange {
  return { type: 'link', link: name, before, after };
}

describe('a link change', () => {
  it('makes a bridge with its MAC, and deletes it only if it exists', () => {
    const change = link(null, { mac: '02:00:00:00:00:01', mtu: 1462, stp: true, up: true });
    expect(linkPrimitive.apply(change).text).toBe(
      [
        'ip link add name br0 address 02:00:00:00:00:01 type bridge',
        'ip link set dev br0 type bridge stp_state 1',
        'ip link set dev br0 address 02:00:00:00:00:01 mtu 1462 up',
      ].join('\n'),
    );
    expect(linkPrimitive.undo(change).text).toBe(
      'if [ -d /sys/class/net/br0/bridge ]; then\n  ip link delete dev br0\nfi',
    );
  });

  it("pins an MTU of 1500, which a new bridge already has but wouldn't keep", () => {
    expect(linkPrimitive.apply(link(null, { mtu: 1500 })).text).toContain(
      'mtu 1499\nip link set dev br0 mtu 1500',
    );
  });

  it('sets a member, and resets it', () => {
    const change = link({ master: null, up: false }, { master: 'br0', up: true }, 'eth1');
    expect(linkPrimitive.apply(change).text).toBe('ip link set dev eth1 master br0 up');
    expect(linkPrimitive.undo(change).text).toContain(
      '  ip link set dev eth1 nomaster\n  ip link set dev eth1 down\n',
    );
  });

  it('makes a deleted bridge again', () => {
    expect(linkPrimitive.undo(link({ mtu: 1400, stp: false, up: true }, null)).text.split('\n')).toEqual([
      'if ! ip link show dev br0 >/dev/null 2>&1; then ip link add name br0 type bridge; fi',
      'if [ -d /sys/class/net/br0/bridge ]; then',
      '  ip link set dev br0 type bridge stp_state 0',
      'fi',
      'ip link set dev br0 mtu 1400',
      'ip link set dev br0 up',
    ]);
  });

  it('predicts a new bridge, a moved member, and members left by a deletion', () => {
    const made = linkPrimitive.predict(link(null, { mtu: 1462, up: true }, 'br1'), facts);
    expect(made.get(interfacesFact)).toEqual([
      eth1,
      { name: 'br1', kind: 'bridge', mtu: 1462, up: true, addresses: [] },
    ]);
    const moved = linkPrimitive.predict(link({ master: 'br0' }, { master: 'br1' }, 'eth1'), made);
    expect(moved.get(interfacesFact)[0]).toEqual({ ...eth1, master: 'br1' });
    const { master: _, ...free } = eth1;
    expect(linkPrimitive.predict(link({}, null, 'br1'), moved).get(interfacesFact)).toEqual([free]);
  });

  it('shows only what differs', () => {
    expect(changeView(link({ master: null, up: true }, { master: 'br0', up: true }, 'eth1'))).toEqual({
      action: 'update',
      noun: 'link',
      target: 'eth1',
      fields: [{ field: 'master', after: 'br0' }],
    });
  });
});

describe('an address change', () => {
  const added = addressChange('eth1', '10.9.0.1/24', 'present');

  it('adds, and deletes only existing addresses', () => {
    expect(addressPrimitive.apply(added).text).toMatch(/^ip address replace 10\.9\.0\.1\/24 dev eth1\n/);
    expect(addressPrimitive.undo(added).text).toContain("grep -qF ' 10.9.0.1/24 '");
  });

  it('predicts the address, once', () => {
    const there = addressPrimitive.predict(added, addressPrimitive.predict(added, facts));
    expect(there.get(interfacesFact)[0]?.addresses).toEqual(['10.0.0.1/24', '10.9.0.1/24', 'fe80::1/64']);
    const gone = addressPrimitive.predict(addressChange('eth1', '10.9.0.1/24', 'absent'), there);
    expect(gone.get(interfacesFact)).toEqual([eth1]);
  });
});

it('a link that is going to be deleted is planned to lose first what its undo must restore', () => {
  expect(withdraw(eth1)).toEqual([
    { type: 'address', link: 'eth1', address: '10.0.0.1/24', before: 'present', after: 'absent' },
    {
      type: 'link',
      link: 'eth1',
      before: { master: 'br0', up: true },
      after: { master: null, up: false },
      risks: ['drops-traffic'],
    },
  ]);
});

it('two hosts never give one bridge the same MAC', () => {
  expect(bridgeMac('docker1', 'newbridge')).not.toBe(bridgeMac('docker2', 'newbridge'));
  expect(bridgeMac('docker1', 'newbridge')).toBe('02:f5:65:4a:7b:ae');
});
