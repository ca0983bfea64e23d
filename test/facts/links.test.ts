import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FactFamily } from '../../src/facts/fact.ts';
import { interfaces, isVolatileInterface } from '../../src/facts/interfaces.ts';
import { iptables } from '../../src/facts/iptables.ts';
import { routes } from '../../src/facts/routes.ts';
import type { Json } from '../../src/json/json.ts';

/** Parses the output of a real host (Debian 12). */
function read<T>(family: FactFamily<T>, name: string): T {
  const text = readFileSync(new URL(`${family.name}/${name}.txt`, import.meta.url), 'utf8');
  return family.parse(text, ['']).get('') as T;
}

describe('interfaces', () => {
  const links = read(interfaces, 'bridge-with-member');
  const link = (name: string) => links.find((one) => one.name === name);

  it('reads a bridge with its MTU, spanning tree and addresses', () => {
    expect(link('newbridge')).toMatchObject({
      kind: 'bridge',
      mtu: 1462,
      up: true,
      stp: true,
      addresses: expect.arrayContaining(['10.11.12.1/24', 'fd00::1/64']),
    });
  });

  it("reads a member: Open vSwitch's internal port of a userspace bridge is a tap device", () => {
    expect(link('ovs_bridge')).toMatchObject({ kind: 'tun', master: 'newbridge', mac: '02:00:00:00:00:07' });
  });

  it('gives lo no MAC and hardware no kind', () => {
    expect(link('lo')).toEqual({ name: 'lo', mtu: 65536, up: true, addresses: ['127.0.0.1/8', '::1/128'] });
  });

  it('compares without link-local addresses and without devices that Open vSwitch makes for itself', () => {
    expect(links.some(({ name }) => name === 'ovs-netdev')).toBe(true);
    expect(links.some(({ addresses }) => addresses.some((a) => a.startsWith('fe80:')))).toBe(true);
    const text = JSON.stringify(interfaces.canonical(links));
    expect(text).not.toContain('ovs-netdev');
    expect(text).not.toContain('fe80:');
    expect(text).toContain('fd00::1/64');
  });

  it('compares independently of the order of links and addresses', () => {
    const turned = [...links].reverse().map((one) => ({ ...one, addresses: [...one.addresses].reverse() }));
    expect(interfaces.canonical(turned)).toEqual(interfaces.canonical(links));
  });

  it.each([
    'gre_sys',
    'gre0',
    'gretap0',
    'erspan0',
    'ovs-system',
    'vxlan_sys_4789',
    'genev_sys_6081',
    'veth1a2b3c4',
  ])('ignores %s, which comes and goes by itself', (name) => expect(isVolatileInterface(name)).toBe(true));

  it.each(['eth0', 'gre1', 'newbridge', 'docker0', 'veth-web', 'vxlan0'])('does not ignore %s', (name) =>
    expect(isVolatileInterface(name)).toBe(false),
  );

  it('refuses what ip does not print', () => {
    expect(() => interfaces.parse('Object "addr" is unknown', [''])).toThrow();
  });
});

describe('routes', () => {
  it('compares routes of every table, without carrier state and without routes that addresses add', () => {
    expect(routes.canonical(read(routes, 'two-tables'))).toEqual([
      { dev: 'br-phy', dst: '10.98.3.0/24', prefsrc: '10.98.3.11', protocol: 'kernel', scope: 'link' },
      { dev: 'docker0', dst: '172.17.0.0/16', prefsrc: '172.17.0.1', protocol: 'kernel', scope: 'link' },
      { dev: 'eth0', dst: '10.97.3.0/24', prefsrc: '10.97.3.11', protocol: 'kernel', scope: 'link' },
      { dev: 'newbridge', dst: '10.11.12.0/24', prefsrc: '10.11.12.1', protocol: 'kernel', scope: 'link' },
      { dev: 'newbridge', dst: '10.50.0.0/16', gateway: '10.11.12.9' },
      { dev: 'newbridge', dst: '10.51.0.0/16', gateway: '10.11.12.9', table: '77' },
      { dev: 'newbridge', dst: 'fd00::/64', metric: 256, pref: 'medium', protocol: 'kernel' },
    ]);
  });

  it('refuses an answer with only one IP version', () => {
    expect(() => routes.parse('[]\n', [''])).toThrow('1 lists of routes');
  });
});

describe('iptables', () => {
  const rules = read(iptables, 'docker');

  it('keeps the rules of a chain in their order', () => {
    expect(rules.ipv4).toMatchObject({
      filter: {
        FORWARD: { policy: 'DROP', rules: expect.arrayContaining(['-j DOCKER-USER']) },
        'DOCKER-ISOLATION-STAGE-1': {
          policy: '-',
          rules: ['-i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2', '-j RETURN'],
        },
      },
    });
    expect(rules.ipv6).toEqual({});
  });

  it('detects another order of rules, and ignores counters, times and the order of tables', () => {
    const save = (lines: string[]) =>
      `= iptables-save\n${lines.join('\n')}\n= ip6tables-save\nnot installed\n`;
    const parse = (lines: string[]): Json =>
      iptables.canonical(iptables.parse(save(lines), ['']).get('') as typeof rules);
    const nat = ['*nat', ':OUTPUT ACCEPT [0:0]', 'COMMIT'];
    const filter = (count: string, ...chain: string[]) => [
      '*filter',
      `:INPUT DROP ${count}`,
      ...chain,
      'COMMIT',
    ];
    const one = parse([
      '# at noon',
      ...nat,
      ...filter('[1:60]', '-A INPUT -i lo -j ACCEPT', '-A INPUT -j LOG'),
    ]);
    expect(parse([...filter('[2:80]', '-A INPUT -i lo -j ACCEPT', '-A INPUT -j LOG'), ...nat])).toEqual(one);
    expect(parse([...nat, ...filter('[1:60]', '-A INPUT -j LOG', '-A INPUT -i lo -j ACCEPT')])).not.toEqual(
      one,
    );
  });
});
