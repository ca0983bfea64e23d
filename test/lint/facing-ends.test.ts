import { expect, it } from 'vitest';
import { sentence } from '../../src/diagnostics/sentence.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { type Ovs, type OvsPort, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { resolved } from '../resolve/play.ts';

const bare = 'hosts: all\nsteps: [{ ovs_bridge: { name: br0 } }]\n';
const mesh = `hosts: all
overlays: { lab: { cidr: 10.0.0.0/16, tunnel: gre, key: 7, subnet_prefix: 24 } }
steps:
  - ovs_bridge: { name: br0 }
  - ovs_tunnels: { bridge: br0, overlay: lab }
`;
const address = (n: number) => `192.0.2.${n}`;
const gre = (to: number, options: Record<string, string> = {}): OvsPort => ({
  type: 'gre',
  options: { remote_ip: address(to), ...options },
});
const internal = { type: 'internal' } as const;

interface Given {
  readonly ports?: Readonly<Record<string, OvsPort>>;
  readonly ovs?: Ovs;
  readonly mtu?: number;
  /** For a tunnel device of the kernel. */
  readonly kind?: string;
  /** The MTU of a Linux bridge with br0 as a member. */
  readonly master?: number;
}

/** The warnings for hosts 1, 2, … with these ports on br0: their `sentence` only. */
function said(given: readonly Given[], playbook = bare): string[] {
  const inventory = `hosts:\n${given.map((_, i) => `  h${i + 1}: { address: ${address(i + 1)} }`).join('\n')}\n`;
  const { hosts } = resolved({ inventory, playbook }).play;
  const known = hosts.map((host, i) => {
    const { ports = {}, ovs, mtu, kind, master } = given[i] ?? {};
    const links = [
      { name: 'eth0', mtu: 1500, up: true, addresses: [`${address(i + 1)}/24`] },
      // Every host has it.
      { name: 'docker0', kind: 'bridge', mtu: 1500, up: true, addresses: ['172.17.0.1/16'] },
      {
        name: 'br0',
        kind: 'openvswitch',
        mtu: mtu ?? 1400,
        up: (mtu ?? master) !== undefined,
        addresses: [],
        ...(master === undefined ? {} : { master: 'lb' }),
      },
      ...(master === undefined ? [] : [{ name: 'lb', kind: 'bridge', mtu: master, up: true, addresses: [] }]),
      ...(kind === undefined ? [] : [{ name: 'tun7', kind, mtu: 1400, up: true, addresses: [] }]),
    ];
    const facts = new Facts()
      .with(interfacesFact, links)
      .with(ovsFact, ovs ?? { bridges: { br0: { ports: { br0: internal, ...ports } } } });
    return { resolved: host, facts };
  });
  return planHosts(known)
    .diagnostics.filter(({ code }) => /ends|sided|mtu/.test(code))
    .map((one) => `${one.code} ${sentence(one)}`);
}

it('ends that match give no warning', () => {
  expect(said([{ ports: { a: gre(2, { key: '7' }) } }, { ports: { b: gre(1, { key: '0x7' }) } }])).toEqual(
    [],
  );
  expect(said([{ ports: { a: gre(2) } }, { ports: { b: gre(1, { key: '0' }) } }])).toEqual([]);
  expect(said([{ ports: { a: gre(2, { key: 'flow' }) } }, { ports: { b: gre(1, { key: '3' }) } }])).toEqual(
    [],
  );
  expect(
    said([
      { ports: { a: gre(2, { in_key: '1', out_key: '2' }) } },
      { ports: { b: gre(1, { in_key: '2', out_key: '1' }) } },
    ]),
  ).toEqual([]);
});

it.each<[string, OvsPort, OvsPort, string]>([
  ['keys', gre(2, { key: '7' }), gre(1), 'has key 7, and its other end has no key'],
  ['types', gre(2), { ...gre(1), type: 'vxlan' }, 'is gre, and its other end is vxlan'],
  ['key in one direction', gre(2, { in_key: '7' }), gre(1), 'has key 7, and its other end has no key'],
  [
    'ports',
    { ...gre(2), type: 'vxlan' },
    { ...gre(1, { dst_port: '8472' }), type: 'vxlan' },
    'uses UDP port 4789, and its other end uses UDP port 8472',
  ],
  [
    'addresses',
    gre(2),
    gre(1, { local_ip: '192.0.2.200' }),
    'leads to 192.0.2.2, and its other end is at 192.0.2.200',
  ],
  ['BFD', { ...gre(2), bfd: { enable: 'true' } }, gre(1), 'has BFD, and its other end has no BFD'],
])('warns once about ends with different %s', (_, a, b, words) => {
  expect(said([{ ports: { a } }, { ports: { b } }, {}])).toEqual([
    `tunnel-ends-differ h1: the tunnel to 'h2' ${words}`,
  ]);
});

it('treats the default UDP port and an unwritten one as equal', () => {
  const [a, b] = [
    { ...gre(2), type: 'vxlan' },
    { ...gre(1, { dst_port: '4789' }), type: 'vxlan' },
  ];
  expect(said([{ ports: { a } }, { ports: { b } }, {}])).toEqual([]);
});

it('warns if bridges that send through a tunnel have different MTUs', () => {
  const [a, b] = [{ a: gre(2) }, { b: gre(1) }];
  expect(said([{ ports: a, mtu: 1400 }, { ports: b, mtu: 1450 }, {}])).toEqual([
    "mtu-differs h1: the MTU is 1400 on br0, and 1450 at the other end of the tunnel to 'h2'",
  ]);
  expect(said([{ ports: a, mtu: 1400 }, { ports: b }, {}])).toEqual([]);
});

it("warns about a tunnel with one end, unless the other end can't be known", () => {
  const one = { ports: { a: gre(2) } };
  const told = ["one-sided-tunnel h1: a tunnel leads to 'h2', which has none back"];
  expect(said([one, {}, {}])).toEqual(told);
  expect(
    said(
      [one, { ovs: 'not installed' }, {}],
      'hosts: all\nsteps: [{ sysctl: { name: net.ipv4.ip_forward, value: 1 } }]',
    ),
  ).toEqual(told);
  expect(
    said(
      [one, { ovs: 'not running' }, {}],
      'hosts: all\nsteps: [{ sysctl: { name: net.ipv4.ip_forward, value: 1 } }]',
    ),
  ).toEqual([]);
  expect(said([one, { kind: 'gretap' }, {}])).toEqual([]);
  expect(said([{ ports: { a: { ...gre(2), options: { remote_ip: '172.17.0.1' } } } }, {}, {}])).toEqual([]);
});

it('pairs several tunnels between two hosts with their own other ends', () => {
  const at = (peer: number, ...keys: string[]) =>
    Object.fromEntries(keys.map((key, i) => [`p${i}`, gre(peer, { key })]));
  expect(said([{ ports: at(2, '1', '2') }, { ports: at(1, '2', '1') }, {}])).toEqual([]);
  expect(said([{ ports: at(2, '1', '2', '3') }, { ports: at(1, '2', '4') }, {}])).toEqual([
    "tunnel-ends-differ h1: the tunnel to 'h2' has key 1, and its other end has key 4",
    "one-sided-tunnel h1: a tunnel leads to 'h2', which has none back",
  ]);
});

it('gives one warning if one host differs from all others', () => {
  const to = (own: number, key: string) =>
    Object.fromEntries([1, 2, 3, 4, 5, 6].filter((n) => n !== own).map((n) => [`p${n}`, gre(n, { key })]));
  const hosts = [1, 2, 3, 4, 5, 6].map((n) => ({ ports: to(n, n === 2 ? '9' : '7') }));
  expect(said(hosts)).toEqual([
    "tunnel-ends-differ h1, h3, h4 and 2 more: the tunnel to 'h2' has key 7, and its other end has key 9",
  ]);
});

it('ignores what the plan fixes, and what `lintPlay` reports', () => {
  expect(said([{}, {}, {}], mesh)).toEqual([]);
  const ours = (port: OvsPort, peer: string): OvsPort => ({
    ...port,
    externalIds: { 'meshbook-overlay': 'lab', 'meshbook-peer': peer },
  });
  expect(said([{ ports: { 'lab-h2': ours(gre(2, { key: '1' }), 'h2') } }, {}, {}], mesh)).toEqual([]);
});

it("compares a foreign tunnel with what the other host's steps make", () => {
  const narrow = mesh.replace('- ovs_tunnels', '- hosts: "h1,h2"\n    ovs_tunnels');
  const ports = { old1: gre(1, { key: '8' }), old2: gre(2, { key: '7' }) };
  expect(said([{}, {}, { ports }], narrow)).toEqual([
    "tunnel-ends-differ h3: the tunnel to 'h1' has key 8, and its other end has key 7",
  ]);
});

it('warns if steps leave bridges of one overlay with different MTUs', () => {
  expect(said([{ master: 1400 }, { master: 1400 }, { master: 1300 }], mesh)).toEqual([
    "mtu-differs h3: the MTU is 1300 on br0, and 1400 on 'h1', both on overlay 'lab'",
  ]);
});

it('compares IPv6 addresses by value', () => {
  const inventory =
    'hosts: { h1: { address: "2001:db8::1" }, h2: { address: "2001:db8::2" }, h3: { address: "2001:db8::3" } }';
  const { hosts } = resolved({ inventory, playbook: bare }).play;
  const end = (remote: string, key: string): Ovs => ({
    bridges: { br0: { ports: { br0: internal, a: { type: 'gre', options: { remote_ip: remote, key } } } } },
  });
  const facts = [end('2001:DB8:0::2', '7'), end('2001:db8::1', '8'), { bridges: {} }].map((ovs) =>
    new Facts().with(interfacesFact, []).with(ovsFact, ovs),
  );
  const known = hosts.map((host, i) => ({ resolved: host, facts: facts[i] ?? new Facts() }));
  expect(planHosts(known).diagnostics.map(({ code }) => code)).toContain('tunnel-ends-differ');
});
