import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/ipam/allocate.ts';
import type { Host, OverlaySpec } from '../../src/model/types.ts';
import { TooMuch, withAllowance } from '../../src/source/allowance.ts';
import { buildOverlay } from '../../src/topology/build.ts';
import { host, overlay } from '../ipam/fixtures.ts';

const members = (n: number) =>
  Array.from({ length: n }, (_, i) => host(`docker${i + 1}`, { underlay: `10.98.${i >> 8}.${i & 255}` }));
const three = [1, 2, 3].map((i) => host(`docker${i}`, { underlay: `10.98.0.1${i}` }));

function build(spec: OverlaySpec, hosts: readonly Host[]) {
  const { value } = allocate(spec, hosts);
  return buildOverlay(spec, hosts, value ?? { hosts: new Map() });
}

function problems(spec: OverlaySpec, hosts: readonly Host[]) {
  const { value, diagnostics } = build(spec, hosts);
  expect(value).toBeUndefined();
  return diagnostics.map((d) => `${d.code} @ ${d.range?.source.text}: ${d.message}`);
}

describe('the allowance of a play', () => {
  const spec = (shape: OverlaySpec['shape']) =>
    overlay({ cidr: '10.128.0.0/9', subnetPrefix: 28, bridgeRange: '10.128.0.0/16', shape });

  it.each([
    ['full_mesh', 1000],
    ['chain', 10_000],
  ] as const)('allows a %s of %i hosts', (shape, n) => {
    const { value } = withAllowance(() => build(spec(shape), members(n)));
    expect(value?.size).toBe(n);
  });

  it('is spent by the links of a shape', () => {
    const work = (units: number) => () =>
      withAllowance(() => build(spec('full_mesh'), members(100)), { work: units, text: 0 });
    expect(work(2 * ((100 * 99) / 2))).not.toThrow();
    expect(work(100 * 99 - 1)).toThrow(TooMuch);
    expect(() => withAllowance(() => build(spec('full_mesh'), members(5000)))).toThrow(TooMuch);
  });
});

describe('a full mesh', () => {
  it('is complete on each of three hosts', () => {
    const { value, diagnostics } = build(overlay(), three);
    expect(diagnostics).toEqual([]);
    expect(value?.get('docker2')).toEqual({
      name: 'lab',
      cidr: '10.11.12.0/24',
      tunnel: 'gre',
      mtu: 1462,
      underlayMtu: 1500,
      bridgeAddress: '10.11.12.2/24',
      fixedCidr: '10.11.12.32/28',
      underlayAddress: '10.98.0.12',
      peers: [
        { host: 'docker1', remoteAddress: '10.98.0.11', port: 'lab-docker1' },
        { host: 'docker3', remoteAddress: '10.98.0.13', port: 'lab-docker3' },
      ],
      protection: 'protected',
    });
  });

  it('is the same in any order of its members', () => {
    expect(build(overlay(), [...three].reverse())).toEqual(build(overlay(), three));
  });

  it('has every link at both ends', () => {
    const { value } = build(overlay(), members(7));
    for (const [name, { peers, underlayAddress }] of value ?? []) {
      expect(peers).toHaveLength(6);
      for (const peer of peers) {
        const back = value?.get(peer.host)?.peers.find(({ host: owner }) => owner === name);
        expect(back?.remoteAddress).toBe(underlayAddress);
      }
    }
  });

  it('has its key, and a smaller MTU because of it', () => {
    const { value } = build(overlay({ key: 7, underlayMtu: 9000 }), three);
    expect(value?.get('docker1')).toMatchObject({ key: 7, mtu: 8958 });
  });

  it('may use an IPv6 underlay, in canonical form', () => {
    const six = [1, 2].map((i) => host(`docker${i}`, { underlay: `FD00:0::${i}` }));
    const { value } = build(overlay(), six);
    expect(value?.get('docker1')).toMatchObject({ underlayAddress: 'fd00::1', mtu: 1442 });
    expect(value?.get('docker1')?.peers[0]?.remoteAddress).toBe('fd00::2');
  });

  it('of one host has no peers, with a warning', () => {
    const { value, diagnostics } = build(overlay(), three.slice(0, 1));
    expect(value?.get('docker1')?.peers).toEqual([]);
    expect(diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'mesh-of-one']]);
  });

  it('without members is empty', () => {
    expect(build(overlay(), [])).toEqual({ value: new Map(), diagnostics: [] });
  });

  it('of 1,000 hosts has 999,000 ends and 1,000 objects', () => {
    const spec = overlay({ cidr: '10.0.0.0/8', bridgeRange: '10.0.0.0/16' });
    const { value } = build(spec, members(1000));
    const ends = new Set(Array.from(value?.values() ?? [], ({ peers }) => peers).flat());
    expect(Array.from(value?.values() ?? []).reduce((sum, { peers }) => sum + peers.length, 0)).toBe(999_000);
    expect(ends.size).toBe(1000);
  });
});

describe('refuses', () => {
  it.each<[string, OverlaySpec, Host[], RegExp[]]>([
    [
      'names as underlay addresses, each',
      overlay(),
      [host('docker1'), host('docker2')],
      [
        /underlay-not-address @ docker1 underlay_address: .*'docker1' is not an IP address/,
        /underlay-not-address @ docker2 underlay_address/,
      ],
    ],
    [
      'an address of no host',
      overlay(),
      [host('docker1', { underlay: '0.0.0.0' })],
      [/underlay-not-address @ .*0.0.0.0 is not a host address/],
    ],
    [
      'two hosts with one address, in any notation',
      overlay(),
      [host('a', { underlay: 'fd00::1' }), host('b', { underlay: 'FD00:0::1' })],
      [
        /underlay-duplicate @ b underlay_address: hosts 'a' and 'b' of overlay 'lab' have the same underlay address, fd00::1/,
      ],
    ],
    [
      'two IP versions',
      overlay(),
      [...three, host('d', { underlay: 'fd00::1' }), host('e', { underlay: 'fd00::2' })],
      [
        /underlay-mixed-versions @ d underlay_address: .*'docker1' has an IPv4 .*'d' \(and 1 more\) an IPv6 one/,
      ],
    ],
    [
      'a key over 24 bits in VXLAN',
      overlay({ tunnel: 'vxlan', key: 2 ** 24 }),
      three,
      [/key-out-of-range @ overlay key/],
    ],
    [
      'an underlay MTU that leaves no room',
      overlay({ underlayMtu: 100 }),
      three,
      [/underlay-mtu-too-small @ overlay underlay_mtu: .*leaves 62 bytes inside the tunnel, which takes 38/],
    ],
    [
      'a hub that is not a member',
      overlay({ shape: 'hub', hub: 'docker9' }),
      three,
      [/hub-not-member @ overlay hub: 'docker9', the hub of overlay 'lab', is not one of its hosts/],
    ],
    [
      'links that lead nowhere, to their own host, or are duplicates',
      overlay({
        shape: 'links',
        links: [
          ['docker1', 'dokcer2'],
          ['docker1', 'docker1'],
          ['docker1', 'docker2'],
          ['docker2', 'docker1'],
        ],
      }),
      three,
      [
        /link-not-member @ overlay links 0 1: a link of overlay 'lab' ends at 'dokcer2'/,
        /link-to-itself @ overlay links 1: .* from 'docker1' to itself/,
        /link-twice @ overlay links 3: .*element 3 of the list is the same link/,
      ],
    ],
    [
      'links that leave members out',
      overlay({ shape: 'links', links: [['docker1', 'docker3']] }),
      three,
      [/overlay-not-connected @ overlay links: .* 2 parts: docker1, docker3 \| docker2/],
    ],
    [
      'several at once',
      overlay({ key: -1 }),
      [host('docker1')],
      [/underlay-not-address/, /key-out-of-range/],
    ],
  ])('%s', (_, spec, hosts, expected) => {
    const found = problems(spec, hosts);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });
});
