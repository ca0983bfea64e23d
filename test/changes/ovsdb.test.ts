import { describe, expect, it } from 'vitest';
import type { OvsdbChange } from '../../src/changes/ovsdb/change.ts';
import { ovsdbPrimitive } from '../../src/changes/ovsdb/ovsdb.ts';
import { changeView } from '../../src/changes/registry.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { type Ovs, ovsFact } from '../../src/facts/ovs/ovs.ts';

const { apply, undo, predict } = ovsdbPrimitive;
const view = changeView;

const created: OvsdbChange = {
  type: 'ovsdb',
  bridge: 'br0',
  before: null,
  after: { datapathType: 'netdev', otherConfig: { hwaddr: '02:00:00:00:00:07' } },
  ports: [],
};

const tunnel = { type: 'gre', options: { remote_ip: '10.98.0.12' }, protected: true } as const;

function onBridge(...ports: OvsdbChange['ports'][number][]): OvsdbChange {
  return { type: 'ovsdb', bridge: 'br0', before: {}, after: {}, ports };
}

/** The single ovs-vsctl call, one command per line. */
function commands(fragment: { text: string }): string[] {
  const call = fragment.text.split('\n').find((line) => line.startsWith('ovs-vsctl '));
  return (call ?? '').split(' -- ');
}

describe('an OVSDB change', () => {
  it('makes a bridge with all its columns in one transaction, and removes it', () => {
    expect(commands(apply(created))).toEqual([
      'ovs-vsctl --timeout=20',
      '--may-exist add-br br0',
      `set Bridge br0 datapath_type=netdev 'other_config:hwaddr="02:00:00:00:00:07"'`,
    ]);
    expect(commands(undo(created))).toEqual(['ovs-vsctl $wait --timeout=20', '--if-exists del-br br0']);
  });

  it('sets everything of a new port after --may-exist, which alone would change nothing', () => {
    const change = onBridge({ name: 'gre1', before: null, after: tunnel });
    expect(commands(apply(change))).toEqual([
      'ovs-vsctl --timeout=21',
      '--may-exist add-port br0 gre1',
      'set Port gre1 protected=true',
      'set Interface gre1 type=gre options:remote_ip=10.98.0.12',
    ]);
    expect(commands(undo(change))).toEqual(['ovs-vsctl $wait --timeout=21', '--if-exists del-port gre1']);
  });

  it("sets only what differs, and keeps others' keys", () => {
    const options = { remote_ip: '10.98.0.13', df_default: 'false' };
    const after = {
      ...tunnel,
      options: { ...options, remote_ip: '10.98.0.12' },
      externalIds: { who: 'a b' },
    };
    const before = { type: 'gre', options: { ...options, key: '7' } };
    const change = onBridge({ name: 'gre1', before, after });
    expect(commands(apply(change)).slice(1)).toEqual([
      `set Port gre1 protected=true 'external_ids:who="a b"'`,
      'set Interface gre1 options:remote_ip=10.98.0.12',
      'remove Interface gre1 options key',
    ]);
    expect(commands(undo(change)).slice(1)).toEqual([
      '--if-exists set Port gre1 protected=false',
      '--if-exists remove Port gre1 external_ids who',
      '--if-exists set Interface gre1 options:remote_ip=10.98.0.13 options:key=7',
    ]);
  });

  it('sets how a tunnel is monitored, and restores it with a deleted port', () => {
    const guarded = {
      ...tunnel,
      otherConfig: { 'rstp-port-auto-edge': 'false' },
      bfd: { enable: 'true', bfd_remote_dst_mac: '00:23:20:00:00:01' },
    };
    const change = onBridge({ name: 'gre1', before: tunnel, after: guarded });
    expect(commands(apply(change)).slice(1)).toEqual([
      'set Port gre1 other_config:rstp-port-auto-edge=false',
      `set Interface gre1 bfd:enable=true 'bfd:bfd_remote_dst_mac="00:23:20:00:00:01"'`,
    ]);
    expect(commands(undo(change)).slice(1)).toEqual([
      '--if-exists remove Port gre1 other_config rstp-port-auto-edge',
      '--if-exists remove Interface gre1 bfd enable bfd_remote_dst_mac',
    ]);
    const gone = onBridge({ name: 'gre1', before: guarded, after: null });
    expect(commands(undo(gone)).at(-1)).toContain(' bfd:enable=true ');
  });

  it("never adds or deletes a bridge's internal port", () => {
    const change = onBridge({
      name: 'br0',
      before: { type: 'internal' },
      after: { type: 'internal', mtuRequest: 1462 },
    });
    expect(commands(apply(change)).slice(1)).toEqual(['set Interface br0 mtu_request=1462']);
    expect(commands(undo(change)).slice(1)).toEqual([`--if-exists set Interface br0 'mtu_request=[]'`]);
  });

  it('makes a deleted bridge again with its ports', () => {
    const ports = [
      { name: 'br0', before: { type: 'internal', tag: 7 }, after: null },
      { name: 'eth1', before: { trunks: [1, 2] }, after: null },
    ];
    const change: OvsdbChange = { type: 'ovsdb', bridge: 'br0', before: { rstp: true }, after: null, ports };
    expect(commands(apply(change)).slice(1)).toEqual(['--if-exists del-br br0']);
    expect(apply(change).text).not.toContain('list Interface');
    expect(commands(undo(change)).slice(1)).toEqual([
      '--may-exist add-br br0',
      'set Bridge br0 rstp_enable=true',
      '--if-exists set Port br0 tag=7',
      '--may-exist add-port br0 eth1',
      "set Port eth1 'trunks=[1,2]'",
    ]);
  });

  it('checks afterwards whether every new port works', () => {
    const change = onBridge(
      { name: 'gre1', before: null, after: tunnel },
      { name: 'gre2', before: tunnel, after: null },
    );
    expect(apply(change).text).toContain('--columns=name,error,ofport list Interface gre1)');
  });

  it("fits a mesh of a thousand hosts into one call, in less than half of Linux's limit for arguments", () => {
    const ports = Array.from({ length: 999 }, (_, i) => ({
      name: `gre-host-${i}`,
      before: null,
      after: tunnel,
    }));
    expect(apply(onBridge(...ports)).text.length).toBeLessThan(1_000_000);
  });
});

describe('what an OVSDB change predicts', () => {
  const facts = (value: Ovs) => new Facts().with(ovsFact, value).with(interfacesFact, []);

  it('a new bridge comes with an interface of its name, and its deletion removes it', () => {
    const there = predict(created, facts({ bridges: {} }));
    expect(there.get(ovsFact)).toEqual({
      bridges: { br0: { ...created.after, ports: { br0: { type: 'internal' } } } },
    });
    const link = { name: 'br0', kind: 'tun', mac: '02:00:00:00:00:07', mtu: 1500, up: false, addresses: [] };
    expect(there.get(interfacesFact)).toEqual([link]);
    const gone = predict({ ...created, before: created.after, after: null }, there);
    expect(gone.get(ovsFact)).toEqual({ bridges: {} });
    expect(gone.get(interfacesFact)).toEqual([]);
  });

  it("a requested MTU is the interface's", () => {
    const there = predict(created, facts('not installed'));
    const change = onBridge({
      name: 'br0',
      before: { type: 'internal' },
      after: { type: 'internal', mtuRequest: 1450 },
    });
    expect(predict(change, there).get(interfacesFact)).toMatchObject([{ name: 'br0', mtu: 1450 }]);
  });

  it('another datapath makes the interface again: down, without members and addresses', () => {
    const up = { name: 'br0', kind: 'tun', mtu: 1500, up: true, master: 'br1', addresses: ['10.0.0.1/24'] };
    const there = predict(created, facts({ bridges: {} })).with(interfacesFact, [up]);
    const change: OvsdbChange = { ...created, before: created.after, after: {} };
    expect(predict(change, there).get(interfacesFact)).toEqual([
      { name: 'br0', kind: 'openvswitch', mtu: 1500, up: false, addresses: [] },
    ]);
  });

  it('nothing, if Open vSwitch was not read', () => {
    const none = new Facts();
    expect(predict(created, none)).toBe(none);
  });
});

describe('what a reviewer sees of an OVSDB change', () => {
  it('new ports in one line each', () => {
    expect(view(onBridge({ name: 'gre1', before: null, after: tunnel }))).toEqual({
      action: 'create',
      noun: 'OVS ports',
      target: 'br0',
      fields: [{ field: 'gre1', after: 'gre remote_ip=10.98.0.12 protected' }],
    });
  });

  it('exactly the settings that change', () => {
    const after = { ...tunnel, options: { remote_ip: '10.98.0.99' } };
    expect(view(onBridge({ name: 'gre1', before: tunnel, after }))).toMatchObject({
      action: 'update',
      fields: [{ field: 'gre1 options:remote_ip', before: '10.98.0.12', after: '10.98.0.99' }],
    });
  });
});
