import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/ipam/allocate.ts';
import type { OverlayLeases } from '../../src/ipam/leases.ts';
import type { Host, OverlaySpec } from '../../src/model/types.ts';
import { host, overlay } from './fixtures.ts';

function table(spec: OverlaySpec, hosts: readonly Host[], leases?: OverlayLeases) {
  const { value, diagnostics } = allocate(spec, hosts, leases);
  expect(diagnostics).toEqual([]);
  return Object.fromEntries(
    Array.from(value?.hosts ?? [], ([name, { bridgeAddress, fixedCidr }]) => [
      name,
      `${bridgeAddress} ${fixedCidr}`,
    ]),
  );
}

function problems(spec: OverlaySpec, hosts: readonly Host[], leases?: OverlayLeases) {
  const { value, diagnostics } = allocate(spec, hosts, leases);
  if (diagnostics.some((d) => d.severity === 'error')) expect(value).toBeUndefined();
  return diagnostics.map((d) => `${d.code} @ ${d.range?.source.text}: ${d.message}`);
}

const hostsTo = (n: number) => Array.from({ length: n }, (_, i) => host(`docker${i + 1}`));

describe('without leases', () => {
  it("gives the issue's three hosts the values of the original recipe, and keeps the third one's own range", () => {
    const hosts = [
      host('docker1'),
      host('docker2'),
      host('docker3', { overlay: { fixedCidr: '10.11.12.192/28' } }),
    ];
    expect(table(overlay(), hosts)).toEqual({
      docker1: '10.11.12.1/24 10.11.12.16/28',
      docker2: '10.11.12.2/24 10.11.12.32/28',
      docker3: '10.11.12.3/24 10.11.12.192/28',
    });
  });

  it('goes by natural order of names, not by the order in the file', () => {
    expect(table(overlay(), [host('docker10'), host('docker2')])).toEqual({
      docker2: '10.11.12.1/24 10.11.12.16/28',
      docker10: '10.11.12.2/24 10.11.12.32/28',
    });
  });

  it('fills a /24 of /28 with 15 hosts', () => {
    const given = table(overlay(), hostsTo(15));
    expect(given.docker15).toBe('10.11.12.15/24 10.11.12.240/28');
  });

  it('skips values that the inventory gives to others', () => {
    const hosts = [
      host('a', { overlay: { bridgeAddress: '10.11.12.1', fixedCidr: '10.11.12.32/27' } }),
      host('b'),
      host('c', { overlay: { bridgeAddress: '10.11.12.3/24' } }),
      host('d'),
      host('e', { overlay: { bridgeAddress: '10.11.12.70' } }), // in d's future range
    ];
    expect(table(overlay(), hosts)).toEqual({
      a: '10.11.12.1/24 10.11.12.32/27',
      b: '10.11.12.2/24 10.11.12.16/28',
      c: '10.11.12.3/24 10.11.12.80/28',
      d: '10.11.12.4/24 10.11.12.96/28',
      e: '10.11.12.70/24 10.11.12.112/28',
    });
  });

  it('takes bridge addresses from a bridge_range anywhere in the cidr, counting from .1', () => {
    expect(table(overlay({ bridgeRange: '10.11.12.128/26' }), hostsTo(2))).toEqual({
      docker1: '10.11.12.129/24 10.11.12.0/28',
      docker2: '10.11.12.130/24 10.11.12.16/28',
    });
  });

  it("never gives the overlay's broadcast address to a bridge", () => {
    const spec = overlay({ cidr: '10.0.0.0/29', subnetPrefix: 30, bridgeRange: '10.0.0.4/30' });
    const one = host('a', { overlay: { bridgeAddress: '10.0.0.5' } });
    const two = host('b', { overlay: { bridgeAddress: '10.0.0.6' } });
    expect(problems(spec, [one, two, host('c')])).toEqual([
      "overlay-too-small @ overlay bridge_range: overlay 'lab' needs 1 bridge address, and its bridge_range 10.0.0.4/30 has 0",
      "overlay-too-small @ overlay cidr: overlay 'lab' needs 3 ranges of /30 for containers, and its cidr 10.0.0.0/29 has 1 beside bridge_range",
    ]);
  });

  it('allocates nothing for no hosts', () => {
    expect(table(overlay(), [])).toEqual({});
  });
});

describe('with leases', () => {
  const leases = new Map([
    ['docker1', { bridgeAddress: '10.11.12.5', fixedCidr: '10.11.12.64/28' }],
    ['docker2', { bridgeAddress: '10.11.12.1', fixedCidr: '10.11.12.16/28' }],
  ]);

  it('keeps leases and gives other hosts the lowest free value', () => {
    const { value } = allocate(overlay(), hostsTo(3), leases);
    expect(value?.hosts.get('docker1')).toEqual({
      bridgeAddress: '10.11.12.5/24',
      fixedCidr: '10.11.12.64/28',
    });
    expect(value?.hosts.get('docker3')).toEqual({
      bridgeAddress: '10.11.12.2/24',
      fixedCidr: '10.11.12.32/28',
    });
    expect(value?.newLeases).toEqual(
      new Map([['docker3', { bridgeAddress: '10.11.12.2', fixedCidr: '10.11.12.32/28' }]]),
    );
    expect([...(value?.leases.keys() ?? [])]).toEqual(['docker1', 'docker2', 'docker3']);
  });

  it('keeps leases of hosts that are gone', () => {
    const { value } = allocate(overlay(), [host('docker3')], leases);
    expect(value?.hosts).toEqual(
      new Map([['docker3', { bridgeAddress: '10.11.12.2/24', fixedCidr: '10.11.12.32/28' }]]),
    );
    expect(value?.leases.get('docker1')).toEqual(leases.get('docker1'));
  });

  it('leases only computed values', () => {
    const hosts = [host('docker1', { overlay: { fixedCidr: '10.11.12.192/28' } })];
    const { value } = allocate(overlay(), hosts);
    expect(value?.newLeases).toEqual(new Map([['docker1', { bridgeAddress: '10.11.12.1' }]]));
    const both = [
      host('docker1', { overlay: { fixedCidr: '10.11.12.192/28', bridgeAddress: '10.11.12.9' } }),
    ];
    expect(allocate(overlay(), both).value?.newLeases).toEqual(new Map());
  });

  it("prefers the inventory's value to the host's own lease, without a warning", () => {
    const hosts = [host('docker1', { overlay: { fixedCidr: '10.11.12.192/28' } }), host('docker2')];
    expect(table(overlay(), hosts, leases).docker1).toBe('10.11.12.5/24 10.11.12.192/28');
  });

  it("prefers the inventory's value to another host's lease, and warns who is renumbered", () => {
    const hosts = [host('docker1', { overlay: { fixedCidr: '10.11.12.0/26', bridgeAddress: '10.11.12.1' } })];
    expect(
      problems(overlay({ bridgeRange: '10.11.12.240/28' }), [...hosts, host('docker2')], leases),
    ).toEqual([
      "lease-dropped @ overlay undefined: overlay 'lab' gives hosts new addresses, because these leases no longer fit its ranges or the inventory: 10.11.12.1 of 'docker2', 10.11.12.16/28 of 'docker2'",
    ]);
  });

  it.each([
    [3, /16\/28 of 'h1', .*48\/28 of 'h3'$/],
    [4, /and 3 more$/],
  ])('names the leases of %i hosts that it drops, if they are few, and counts the others', (n, end) => {
    const old = new Map(
      hostsTo(n).map((_, i) => [
        `h${i + 1}`,
        { bridgeAddress: `10.99.0.${i + 1}`, fixedCidr: `10.99.0.${(i + 1) * 16}/28` },
      ]),
    );
    const hosts = [...old.keys()].map((name) => host(name));
    const { diagnostics } = allocate(overlay(), hosts, old);
    expect(diagnostics[0]?.message).toMatch(end);
    expect(diagnostics[0]?.message.match(/ of 'h/g)).toHaveLength(n === 3 ? 6 : 5);
  });

  it('renumbers no host when the cidr grows', () => {
    expect(table(overlay({ cidr: '10.11.12.0/22' }), hostsTo(2), leases)).toEqual({
      docker1: '10.11.12.5/22 10.11.12.64/28',
      docker2: '10.11.12.1/22 10.11.12.16/28',
    });
  });

  it('drops leases outside a changed cidr, with one warning', () => {
    const { value, diagnostics } = allocate(overlay({ cidr: '10.20.0.0/16' }), hostsTo(2), leases);
    expect(diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'lease-dropped']]);
    expect(value?.hosts.get('docker1')).toEqual({
      bridgeAddress: '10.20.0.1/16',
      fixedCidr: '10.20.0.16/28',
    });
    expect(value?.leases.get('docker1')?.fixedCidr).toBe('10.20.0.16/28');
  });

  it('drops ranges of another subnet_prefix and keeps the bridge addresses', () => {
    const { value, diagnostics } = allocate(overlay({ subnetPrefix: 29 }), hostsTo(2), leases);
    expect(diagnostics.map((d) => d.code)).toEqual(['lease-dropped']);
    expect(value?.hosts.get('docker1')).toEqual({
      bridgeAddress: '10.11.12.5/24',
      fixedCidr: '10.11.12.8/29',
    });
  });

  it('drops the second of two equal leases', () => {
    const twice = new Map([
      ['docker2', { bridgeAddress: '10.11.12.1', fixedCidr: '10.11.12.16/28' }],
      ['docker1', { bridgeAddress: '10.11.12.1', fixedCidr: '10.11.12.16/28' }],
    ]);
    const { value, diagnostics } = allocate(overlay(), hostsTo(2), twice);
    expect(diagnostics.map((d) => d.code)).toEqual(['lease-dropped']);
    expect(value?.hosts.get('docker1')?.fixedCidr).toBe('10.11.12.16/28');
    expect(value?.hosts.get('docker2')?.fixedCidr).toBe('10.11.12.32/28');
  });
});

describe('refuses', () => {
  const one = (fixedCidr?: string, bridgeAddress?: string) => [
    host('docker1', {
      overlay: { ...(fixedCidr && { fixedCidr }), ...(bridgeAddress && { bridgeAddress }) },
    }),
  ];
  it.each<[string, OverlaySpec, Host[], RegExp[]]>([
    [
      'a cidr that is not a network',
      overlay({ cidr: '10.11.12.5/24' }),
      [],
      [
        /invalid-cidr @ overlay cidr: cidr of overlay 'lab': '10.11.12.5\/24' is an address, not a network; the network is 10.11.12.0\/24/,
      ],
    ],
    ['an IPv6 cidr', overlay({ cidr: 'fd00::/64' }), [], [/invalid-cidr @ overlay cidr: .*is IPv6/]],
    [
      'a subnet_prefix as wide as the cidr',
      overlay({ subnetPrefix: 24 }),
      [],
      [/subnet-prefix @ overlay subnet_prefix: subnet_prefix 24 doesn't divide/],
    ],
    ['a subnet_prefix of single addresses', overlay({ subnetPrefix: 32 }), [], [/subnet-prefix @/]],
    [
      'a bridge_range that is not a network',
      overlay({ bridgeRange: '10.11.12' }),
      [],
      [/invalid-cidr @ overlay bridge_range/],
    ],
    [
      'a bridge_range outside',
      overlay({ bridgeRange: '10.11.13.0/28' }),
      [],
      [/bridge-range-outside @ overlay bridge_range/],
    ],
    [
      'a fixed_cidr that is not a network',
      overlay(),
      one('10.11.12.193/28'),
      [/invalid-cidr @ docker1 fixed_cidr: .*the network is 10.11.12.192\/28/],
    ],
    [
      'a fixed_cidr outside',
      overlay(),
      one('10.11.13.0/28'),
      [
        /fixed-cidr-outside @ docker1 fixed_cidr: .*10.11.13.0\/28 doesn't lie in the overlay's cidr 10.11.12.0\/24/,
      ],
    ],
    ['a fixed_cidr wider than the overlay', overlay(), one('10.11.0.0/16'), [/fixed-cidr-outside/]],
    [
      'a fixed_cidr in the bridge_range',
      overlay(),
      one('10.11.12.8/29'),
      [/fixed-cidr-overlap @ docker1 fixed_cidr: .*bridge_range 10.11.12.0\/28/],
    ],
    [
      'a bridge_address that is not an address',
      overlay(),
      one(undefined, 'docker1'),
      [/invalid-address @ docker1 bridge_address/],
    ],
    [
      'a bridge_address outside',
      overlay(),
      one(undefined, '10.11.13.1'),
      [/bridge-address-outside @ docker1 bridge_address/],
    ],
    ['the network address', overlay(), one(undefined, '10.11.12.0'), [/invalid-address @ .*network address/]],
    [
      'the broadcast address',
      overlay(),
      one(undefined, '10.11.12.255/24'),
      [/invalid-address @ .*broadcast address/],
    ],
    [
      "a prefix length other than the overlay's",
      overlay(),
      one(undefined, '10.11.12.1/28'),
      [/invalid-address @ .*another prefix length/],
    ],
    [
      'two equal bridge addresses',
      overlay(),
      [...one(undefined, '10.11.12.9'), host('docker2', { overlay: { bridgeAddress: '10.11.12.9/24' } })],
      [
        /bridge-address-duplicate @ docker2 bridge_address: hosts 'docker1' and 'docker2' have the same bridge_address 10.11.12.9/,
      ],
    ],
    [
      "a bridge address in another host's range",
      overlay(),
      [...one('10.11.12.64/26'), host('docker2', { overlay: { bridgeAddress: '10.11.12.70' } })],
      [
        /bridge-address-in-range @ docker2 bridge_address: .*of host 'docker2'.* lies in fixed_cidr 10.11.12.64\/26 of host 'docker1'/,
      ],
    ],
    [
      'ranges that overlap, each once',
      overlay(),
      [
        ...one('10.11.12.128/25'),
        host('docker2', { overlay: { fixedCidr: '10.11.12.128/28' } }),
        host('docker3', { overlay: { fixedCidr: '10.11.12.192/28' } }),
      ],
      [
        /fixed-cidr-overlap @ docker2 fixed_cidr: fixed_cidr 10.11.12.128\/28 of host 'docker2' .* overlaps 10.11.12.128\/25 of host 'docker1'/,
        /fixed-cidr-overlap @ docker3 .*of host 'docker1'/,
      ],
    ],
    [
      'everything at once',
      overlay(),
      [
        ...one('10.11.13.0/28', '10.11.13.1'),
        host('docker2', { overlay: { fixedCidr: 'x' } }),
        ...hostsTo(20).slice(2),
      ],
      [
        /fixed-cidr-outside @ docker1/,
        /bridge-address-outside @ docker1/,
        /invalid-cidr @ docker2/,
        /overlay-too-small @ overlay bridge_range: .*needs 19 bridge addresses.*has 15/,
        /overlay-too-small @ overlay cidr: .*needs 18 ranges of \/28.*has 15/,
      ],
    ],
  ])('%s', (_, spec, hosts, expected) => {
    const found = problems(spec, hosts);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });

  it("allows a bridge address in the host's own range: Docker knows it", () => {
    expect(table(overlay(), one('10.11.12.64/26', '10.11.12.65'))).toEqual({
      docker1: '10.11.12.65/24 10.11.12.64/26',
    });
  });

  it('suggests a fix that works', () => {
    const { diagnostics } = allocate(overlay(), hostsTo(40));
    expect(diagnostics.map((d) => d.hint)).toEqual([
      'set bridge_range to a larger network, for example 10.11.12.0/26',
      'use a wider cidr, for example 10.11.12.0/22, or a greater subnet_prefix',
    ]);
    expect(
      allocate(overlay({ cidr: '10.11.12.0/22', bridgeRange: '10.11.12.0/26' }), hostsTo(40)).diagnostics,
    ).toEqual([]);
  });

  it('names the leases of other hosts that block ranges', () => {
    const full = allocate(overlay(), hostsTo(15)).value?.leases;
    const { diagnostics } = allocate(overlay(), [host('new')], full);
    expect(diagnostics[1]?.hint).toContain(
      "15 of them are leased to hosts that this playbook doesn't have (docker1, docker2",
    );
  });
});
