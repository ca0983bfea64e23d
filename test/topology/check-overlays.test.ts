import { expect, it } from 'vitest';
import type { Host, OverlaySpec } from '../../src/model/types.ts';
import { checkOverlays } from '../../src/topology/check-overlays.ts';
import { host, overlay } from '../ipam/fixtures.ts';

const both = [host('docker1'), host('docker2')];
const other = [host('docker3'), host('docker4')];
const disjoint = { name: 'two', cidr: '10.20.0.0/24' };

it.each<[string, OverlaySpec, OverlaySpec, Host[], string[]]>([
  ['different keys', overlay(), overlay({ ...disjoint, key: 7 }), both, []],
  ['different tunnels', overlay(), overlay({ ...disjoint, tunnel: 'vxlan' }), both, []],
  [
    'different UDP ports',
    overlay({ tunnel: 'vxlan' }),
    overlay({ ...disjoint, tunnel: 'vxlan', dstPort: 8472 }),
    both,
    [],
  ],
  [
    'the default UDP port, written and not',
    overlay({ tunnel: 'geneve' }),
    overlay({ ...disjoint, tunnel: 'geneve', dstPort: 6081 }),
    both,
    ['overlay-key-clash'],
  ],
  ['different hosts', overlay(), overlay({ name: 'two' }), other, []],
  ['one host in common and no link', overlay(), overlay(disjoint), [...other, host('docker1')], []],
  ['no keys', overlay(), overlay(disjoint), both, ['overlay-key-clash']],
  ['key 0 and no key', overlay({ key: 0 }), overlay(disjoint), both, ['overlay-key-clash']],
  ['equal keys', overlay({ key: 7 }), overlay({ ...disjoint, key: 7 }), both, ['overlay-key-clash']],
  [
    'ranges that overlap',
    overlay(),
    overlay({ name: 'two', cidr: '10.11.0.0/16', key: 1 }),
    both,
    ['overlay-cidr-overlap'],
  ],
  ['everything', overlay(), overlay({ name: 'two' }), both, ['overlay-cidr-overlap', 'overlay-key-clash']],
])('two overlays with %s', (_, first, second, members, codes) => {
  const found = checkOverlays([
    { spec: first, members: both },
    { spec: second, members },
  ]);
  expect(found.map((d) => d.code)).toEqual(codes);
});

const four = ['docker1', 'docker2', 'docker3', 'docker4'].map((name) => host(name));
const row: OverlaySpec['links'] = [
  ['docker1', 'docker3'],
  ['docker3', 'docker2'],
  ['docker2', 'docker4'],
];

it.each<[string, Partial<OverlaySpec>, Partial<OverlaySpec>, string | undefined]>([
  ['two chains', { shape: 'chain' }, { shape: 'chain' }, "between 'docker1' and 'docker2'"],
  ['a chain and a mesh', { shape: 'chain' }, {}, "between 'docker1' and 'docker2'"],
  ['a mesh and a hub', {}, { shape: 'hub', hub: 'docker4' }, "between 'docker4' and 'docker1'"],
  [
    'a chain and links that share one pair',
    { shape: 'chain' },
    { shape: 'links', links: row },
    "between 'docker2' and 'docker3'",
  ],
  [
    'links that share no pair',
    { shape: 'links', links: row },
    {
      shape: 'links',
      links: [
        ['docker2', 'docker1'],
        ['docker3', 'docker4'],
        ['docker4', 'docker1'],
      ],
    },
    undefined,
  ],
])('without keys, %s collide if they link the same two hosts', (_, first, second, where) => {
  const found = checkOverlays([
    { spec: overlay(first), members: four },
    { spec: overlay({ ...disjoint, ...second }), members: four },
  ]);
  expect(found.map((d) => d.message.replace(/.*(?=between)/, ''))).toEqual(
    where === undefined ? [] : [where],
  );
});
