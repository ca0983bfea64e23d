import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Ovs, ovs } from '../../../src/facts/ovs/ovs.ts';

/** Parses the output of a real host (Debian 12, Open vSwitch 3.1). */
function read(name: string): Ovs {
  const text = readFileSync(new URL(`${name}.txt`, import.meta.url), 'utf8');
  return ovs.parse(text, ['']).get('') as Ovs;
}

const underlay = {
  datapathType: 'netdev',
  ports: { 'br-phy': { type: 'internal' }, phy0: {} },
};

describe('ovs', () => {
  it('leaves out default values', () => {
    expect(read('fresh-host')).toEqual({ version: '3.1.0', bridges: { 'br-phy': underlay } });
  });

  it('leaves out the keys of IPsec tunnels, although it has no setting for them', () => {
    const name = 'tunnel-controller-and-broken-port.txt';
    const text = readFileSync(new URL(name, import.meta.url), 'utf8').replace(
      '["key","7"]',
      '["key","7"],["psk","hunter2"]',
    );
    expect(text).toContain('hunter2');
    const database = ovs.parse(text, ['']).get('');
    expect(JSON.stringify(database)).not.toContain('hunter2');
    expect(database).toMatchObject({
      bridges: {
        ovs_bridge: {
          ports: {
            'gre-docker2': {
              options: { key: '7', remote_ip: '10.98.3.12' },
              other: { 'options:psk': '(secret)' },
            },
          },
        },
      },
    });
  });

  it('reads tunnels, VLANs, MTU requests, errors and what it has no setting for', () => {
    expect(read('tunnel-controller-and-broken-port')).toEqual({
      version: '3.1.0',
      bridges: {
        'br-phy': underlay,
        ovs_bridge: {
          datapathType: 'netdev',
          otherConfig: { hwaddr: '02:00:00:00:00:07' },
          other: { controller: 'a row' },
          ports: {
            ovs_bridge: { type: 'internal' },
            'gre-docker2': {
              type: 'gre',
              options: { key: '7', remote_ip: '10.98.3.12' },
              protected: true,
              externalIds: { 'meshbook-overlay': 'lab', 'meshbook-peer': 'docker2' },
            },
            vlan: { type: 'internal', tag: 5, mtuRequest: 1400 },
            nodev: { error: 'could not open network device nodev (No such device)' },
          },
        },
      },
    });
  });

  it('reads how a tunnel is monitored', () => {
    expect(read('watched-tunnels')).toMatchObject({
      bridges: {
        ob: {
          rstp: true,
          ports: {
            't-docker2': {
              otherConfig: { 'rstp-port-auto-edge': 'false' },
              bfd: {
                enable: 'true',
                min_tx: '1000',
                min_rx: '1000',
                mult: '3',
                bfd_remote_dst_mac: '00:23:20:00:00:01',
              },
            },
          },
        },
      },
    });
  });

  it('reads a bond as a port with more than meshbook can make', () => {
    expect(read('bond')).toMatchObject({
      bridges: { bonded: { ports: { bond0: { other: { interfaces: ['d1', 'd2'] } } } } },
    });
  });

  it.each([
    ['a stopped database server', read('stopped'), 'not running'],
    ['no ovs-vsctl', ovs.parse('not installed\n', ['']).get(''), 'not installed'],
  ])('returns an answer for %s', (_, value, expected) => {
    expect(value).toBe(expected);
    expect(ovs.canonical(value as Ovs)).toBe(expected);
  });

  it('compares independently of the order of rows, and without errors', () => {
    const broken = read('tunnel-controller-and-broken-port');
    if (typeof broken === 'string') throw new Error('no tables');
    const turned = Object.fromEntries(Object.entries(broken.bridges).reverse());
    expect(JSON.stringify(ovs.canonical({ ...broken, bridges: turned }))).toBe(
      JSON.stringify(ovs.canonical(broken)),
    );
    expect(JSON.stringify(ovs.canonical(broken))).not.toContain('could not open');
  });

  it('refuses an answer that lacks a table', () => {
    expect(() => ovs.parse('{"data":[],"headings":[]}\n', [''])).toThrow('1 tables instead of 4');
  });
});
