import { afterAll, describe, expect, inject, it } from 'vitest';
import { addressChange } from '../../src/changes/address.ts';
import type { LinkChange } from '../../src/changes/link.ts';
import type { OvsdbChange, PortChange } from '../../src/changes/ovsdb.ts';
import { type Change, primitives } from '../../src/changes/registry.ts';
import type { UplinkChange, UplinkState } from '../../src/changes/uplink.ts';
import { readLab } from '../../src/lab/state.ts';
import { raw, sh } from '../../src/sh/sh.ts';
import { on as execute, prepared } from './on-host.ts';

const stateDir = inject('labStateDir');
const lab = () => readLab(stateDir) ?? expect.fail('the test lab is gone');
const host = 'docker3';
const on = (script: string) => execute(lab(), host, script);

/** What is there before a run, the run's changes, and what somebody takes away by hand after it. */
interface Case {
  readonly title: string;
  readonly before?: string;
  readonly changes: readonly Change[];
  readonly gone: string;
  /** Must hold after the undo. */
  readonly holds?: string;
}

const link = (name: string, before: LinkChange['before'], after: LinkChange['after']): Change => ({
  type: 'link',
  link: name,
  before,
  after,
});
const ovs = (
  bridge: string,
  before: OvsdbChange['before'],
  after: OvsdbChange['after'],
  ...ports: PortChange[]
): Change => ({ type: 'ovsdb', bridge, before, after, ports });
const port = (name: string, before: PortChange['before'], after: PortChange['after']): PortChange => ({
  name,
  before,
  after,
});
const file = (path: string, more: object = {}): Change => ({
  type: 'file',
  path,
  before: null,
  after: { content: 'ours\n', mode: '0644', owner: 'root', group: 'root' },
  ...more,
});
const netdev = { datapathType: 'netdev' };
const tunnel = { type: 'gre', options: { remote_ip: '192.0.2.9' } };
const addOvs = (name: string) => `ovs-vsctl add-br ${name} -- set Bridge ${name} datapath_type=netdev`;
const addLink = (name: string) => `ip link add ${name} type veth peer name ${name}-p; ip link set ${name} up`;
const addUnit = (name: string) =>
  `printf '[Service]\\nExecStart=sleep 1000\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/${name}.service
systemctl daemon-reload; systemctl enable -q --now ${name}`;
const removeUnit = (name: string) =>
  `systemctl disable -q --now ${name} 2>/dev/null; rm -f /etc/systemd/system/${name}.service; systemctl daemon-reload`;

const outside: UplinkState = { bridge: null, member: false, linkUp: true, holder: 'link' };
const inside: UplinkState = {
  bridge: { up: true, ...netdev },
  member: true,
  linkUp: true,
  holder: 'bridge',
};
const uplink = (
  type: UplinkChange['type'],
  [name, bridge, address]: readonly [string, string, string],
  before: UplinkState,
  after: UplinkState,
): Change => ({ type, link: name, bridge, addresses: [{ address }], routes: [], before, after });

const cases: Readonly<Record<string, readonly Case[]>> = {
  address: [
    {
      title: 'the interface of an address that came',
      before: addLink('gone-a1'),
      changes: [addressChange('gone-a1', '10.231.1.1/24', 'present')],
      gone: 'ip link delete gone-a1',
    },
    {
      title: 'an address that came',
      before: addLink('gone-a2'),
      changes: [addressChange('gone-a2', '10.231.2.1/24', 'present')],
      gone: 'ip address delete 10.231.2.1/24 dev gone-a2',
    },
    {
      title: 'the interface of an address that went',
      before: `${addLink('gone-a3')}; ip address add 10.231.3.1/24 dev gone-a3`,
      changes: [addressChange('gone-a3', '10.231.3.1/24', 'absent')],
      gone: 'ip link delete gone-a3',
    },
  ],
  link: [
    {
      title: 'a bridge that was made',
      changes: [link('gone-l1', null, { up: true })],
      gone: 'ip link delete gone-l1',
    },
    {
      title: 'a bridge that was made, with an interface of another sort in its place',
      changes: [link('gone-l2', null, { up: true })],
      gone: `ip link delete gone-l2; ${addLink('gone-l2')}`,
      holds: 'ip link show gone-l2 >/dev/null',
    },
    {
      title: 'a link that was set',
      before: addLink('gone-l3'),
      changes: [link('gone-l3', { mtu: 1500 }, { mtu: 1400 })],
      gone: 'ip link delete gone-l3',
    },
    {
      title: 'the bridge that a link was in',
      before: `ip link add gone-l4 type bridge; ${addLink('gone-m4')}; ip link set gone-m4 master gone-l4`,
      changes: [link('gone-m4', { master: 'gone-l4', mtu: 1500 }, { master: null, mtu: 1400 })],
      gone: 'ip link delete gone-l4',
      holds: 'ip link show gone-m4 | grep -q "mtu 1500"',
    },
    {
      title: 'the bridge that a link was put into',
      before: `ip link add gone-l5 type bridge; ${addLink('gone-m5')}`,
      changes: [link('gone-m5', { master: null }, { master: 'gone-l5' })],
      gone: 'ip link delete gone-l5',
    },
    {
      title: 'a bridge whose protocol was set',
      before: 'ip link add gone-l6 type bridge',
      changes: [link('gone-l6', { stp: false }, { stp: true })],
      gone: 'ip link delete gone-l6',
    },
  ],
  ovsdb: [
    {
      title: 'an OVS bridge that was made',
      changes: [
        ovs(
          'gone-o1',
          null,
          netdev,
          port('gone-t1', null, { ...tunnel, options: { remote_ip: '192.0.2.1' } }),
        ),
      ],
      gone: 'ovs-vsctl del-br gone-o1',
    },
    {
      title: 'the OVS bridge of ports that came, were set and went',
      before: `${addOvs('gone-o2')} -- add-port gone-o2 gone-t2 -- set Interface gone-t2 type=gre options:remote_ip=192.0.2.9 -- add-port gone-o2 gone-t3 -- set Interface gone-t3 type=gre options:remote_ip=192.0.2.3`,
      changes: [
        ovs(
          'gone-o2',
          netdev,
          { ...netdev, otherConfig: { 'mac-table-size': '1000' } },
          port('gone-t2', tunnel, null),
          port(
            'gone-t3',
            { ...tunnel, options: { remote_ip: '192.0.2.3' } },
            { ...tunnel, options: { remote_ip: '192.0.2.4' } },
          ),
          port('gone-t4', null, { type: 'gre', options: { remote_ip: '192.0.2.8' } }),
        ),
      ],
      gone: 'ovs-vsctl del-br gone-o2',
      holds: '! ovs-vsctl br-exists gone-o2',
    },
    {
      title: 'ports that came and were set',
      before: `${addOvs('gone-o3')} -- add-port gone-o3 gone-t5 -- set Interface gone-t5 type=gre options:remote_ip=192.0.2.7`,
      changes: [
        ovs(
          'gone-o3',
          netdev,
          netdev,
          port(
            'gone-t5',
            { type: 'gre', options: { remote_ip: '192.0.2.7' } },
            { type: 'gre', options: { remote_ip: '192.0.2.6' } },
          ),
          port('gone-t6', null, { type: 'gre', options: { remote_ip: '192.0.2.5' } }),
        ),
      ],
      gone: 'ovs-vsctl del-port gone-t5; ovs-vsctl del-port gone-t6',
      holds: 'ovs-vsctl br-exists gone-o3',
    },
  ],
  file: [
    { title: 'a file that was made', changes: [file('/srv/gone-1/a')], gone: 'rm -r /srv/gone-1' },
    {
      title: 'the folder of a file that was rewritten',
      before: 'mkdir /srv/gone-2; echo old >/srv/gone-2/a',
      changes: [file('/srv/gone-2/a')],
      gone: 'rm -r /srv/gone-2',
      holds: 'grep -qx old /srv/gone-2/a',
    },
    {
      title: 'the folder of a file that was removed',
      before: 'mkdir /srv/gone-3; echo old >/srv/gone-3/a',
      changes: [file('/srv/gone-3/a', { after: null })],
      gone: 'rmdir /srv/gone-3',
      holds: 'grep -qx old /srv/gone-3/a',
    },
    {
      title: 'a file that was made, with a folder in its place',
      changes: [file('/srv/gone-4')],
      gone: 'rm /srv/gone-4; mkdir /srv/gone-4; echo mine >/srv/gone-4/a',
      holds: 'grep -qx mine /srv/gone-4/a',
    },
    {
      title: 'the unit that a file is for',
      before: addUnit('gone-r1'),
      changes: [file('/srv/gone-5', { settle: ['restart:gone-r1.service'] })],
      gone: removeUnit('gone-r1'),
    },
  ],
  unit: [
    {
      title: 'a unit that was stopped and disabled',
      before: addUnit('gone-u1'),
      changes: [
        {
          type: 'unit',
          unit: 'gone-u1.service',
          before: { enabled: true, active: true },
          after: { enabled: false, active: false },
        },
      ],
      gone: removeUnit('gone-u1'),
    },
    {
      title: 'a unit that was started and enabled',
      before: `${addUnit('gone-u2')}; systemctl disable -q --now gone-u2`,
      changes: [
        {
          type: 'unit',
          unit: 'gone-u2.service',
          before: { enabled: false, active: false },
          after: { enabled: true, active: true },
        },
      ],
      gone: removeUnit('gone-u2'),
    },
  ],
  sysctl: [
    {
      title: 'the interface of a kernel parameter',
      before: addLink('gone-s1'),
      changes: [{ type: 'sysctl', name: 'net.ipv4.conf.gone-s1.rp_filter', before: '0', after: '2' }],
      gone: 'ip link delete gone-s1',
    },
  ],
  uplink: [
    {
      title: 'the Linux bridge that an interface was put into',
      before: `${addLink('gone-n1')}; ip address add 10.231.11.1/24 dev gone-n1`,
      changes: [uplink('uplink', ['gone-n1', 'gone-b1', '10.231.11.1/24'], outside, inside)],
      gone: 'ip link delete gone-b1',
      holds: 'ip address show gone-n1 | grep -q 10.231.11.1/24',
    },
    {
      title: 'the interface that was put into a Linux bridge',
      before: `${addLink('gone-n2')}; ip address add 10.231.12.1/24 dev gone-n2`,
      changes: [uplink('uplink', ['gone-n2', 'gone-b2', '10.231.12.1/24'], outside, inside)],
      gone: 'ip link delete gone-n2',
      holds: '! ip link show gone-b2 >/dev/null 2>&1',
    },
  ],
  ovs_uplink: [
    {
      title: 'the OVS bridge that an interface was put into',
      before: `${addLink('gone-n3')}; ip address add 10.231.13.1/24 dev gone-n3`,
      changes: [uplink('ovs_uplink', ['gone-n3', 'gone-b3', '10.231.13.1/24'], outside, inside)],
      gone: 'ovs-vsctl del-br gone-b3',
      holds: 'ip address show gone-n3 | grep -q 10.231.13.1/24',
    },
    {
      title: 'the OVS bridge that an interface was taken out of',
      before: `${addLink('gone-n4')}; ${addOvs('gone-b4')} -- add-port gone-b4 gone-n4; ip address add 10.231.14.1/24 dev gone-b4; ip link set gone-b4 up`,
      changes: [
        uplink('ovs_uplink', ['gone-n4', 'gone-b4', '10.231.14.1/24'], inside, {
          ...inside,
          member: false,
          holder: 'link',
        }),
      ],
      gone: 'ovs-vsctl del-br gone-b4',
      holds:
        'ip address show gone-b4 | grep -q 10.231.14.1/24; ovs-vsctl --may-exist add-port gone-b4 gone-n4',
    },
    {
      title: 'the interface that was put into an OVS bridge',
      before: `${addLink('gone-n5')}; ip address add 10.231.15.1/24 dev gone-n5`,
      changes: [uplink('ovs_uplink', ['gone-n5', 'gone-b5', '10.231.15.1/24'], outside, inside)],
      gone: 'ip link delete gone-n5',
      holds: '! ovs-vsctl br-exists gone-b5',
    },
  ],
  docker: [
    {
      title: 'a container that ran',
      before: 'docker run -d --name gone-c1 --init lab-web',
      changes: [
        { type: 'docker', before: {}, after: {}, restarted: ['gone-c1'], deleted: [], settle: ['docker'] },
      ],
      gone: 'docker rm -f gone-c1',
    },
  ],
  run: [
    {
      title: 'what a command made',
      changes: [
        { type: 'run', command: 'touch /srv/gone-6', undo: 'rm -f /srv/gone-6', timeout: 5, always: true },
      ],
      gone: 'rm /srv/gone-6',
    },
  ],
};

/** A program of its own: packages are another stage. */
const packages: Case = {
  title: 'a package that was installed',
  changes: [
    {
      type: 'package',
      packages: [{ name: 'bridge-utils', before: { installed: null, candidate: null } }],
      after: 'installed',
      update: false,
    },
  ],
  gone: 'apt-get -q -y purge bridge-utils >/dev/null',
};

const clean = `for l in $(ls /sys/class/net | grep '^gone-'); do ip link delete $l 2>/dev/null || :; done
for b in $(ovs-vsctl list-br | grep '^gone-'); do ovs-vsctl del-br $b; done
docker rm -f gone-c1 >/dev/null 2>&1 || :
rm -rf /srv/gone-*`;

/** What failed in the undo, and what doesn't hold after it, each with the case's title. */
async function failures(all: readonly Case[]): Promise<string[]> {
  await on(['set -e', ...all.flatMap(({ before }) => before ?? [])].join('\n'));
  const owner = all.flatMap(({ title, changes }) => changes.map(() => title));
  const run = await prepared(
    lab(),
    host,
    all.flatMap(({ changes }) => changes),
  );
  const applied = await run.apply();
  expect(applied.at(-1), JSON.stringify(applied.at(-2))).toEqual({ type: 'end', outcome: 'ok' });
  await on(['set -e', ...all.map(({ gone }) => gone)].join('\n'));
  const failed = (await run.undo()).flatMap((event) =>
    event.type === 'failed'
      ? [`${owner[Number(event.id) - 1] ?? `settle ${event.id}`}: ${event.output}`]
      : [],
  );
  const broken = await on(
    all
      .flatMap(({ title, holds }) =>
        holds === undefined ? [] : [sh`if ! { ${raw(holds)}; }; then echo ${`${title}: ${holds}`}; fi`.text],
      )
      .join('\n'),
  );
  return [...failed, ...broken.split('\n').filter((line) => line !== '')];
}

describe
  .skipIf(stateDir === '')
  .sequential('an undo whose object is gone by then', { timeout: 120_000 }, () => {
    afterAll(() => on(clean));

    it('has a case for every primitive', () => {
      expect([...Object.keys(cases), 'package'].sort()).toEqual([...primitives.keys()].sort());
    });

    it('has nothing to do, and harms nothing that stands in its place', async () => {
      expect(await failures(Object.values(cases).flat())).toEqual([]);
    });

    it('has nothing to do for packages either', async () => {
      expect(await failures([packages])).toEqual([]);
    });
  });
