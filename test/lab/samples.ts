import { addressChange } from '../../src/changes/address/address.ts';
import type { NetworkSettings } from '../../src/changes/docker-network/change.ts';
import type { LinkChange } from '../../src/changes/link/change.ts';
import type { OvsdbChange, PortChange } from '../../src/changes/ovsdb/change.ts';
import type { Change } from '../../src/changes/registry.ts';
import type { RouteChange } from '../../src/changes/route.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import type { UplinkChange, UplinkState } from '../../src/changes/uplink/change.ts';

/**
 * Changes of a primitive on objects of their own, whose names begin with `gone-`, and a script that shows their state.
 */
export interface Sample {
  readonly title: string;
  /** Makes the state before. */
  readonly before?: string;
  readonly changes: readonly Change[];
  readonly settle?: readonly SettleAction[];
  /** Prints everything that the changes set. May use the functions of `looking`. */
  readonly look: string;
  /** Someone's edit by hand; a forced undo restores the state before. */
  readonly meddle?: string;
  /** Removes the object by hand. */
  readonly gone: string;
  /** Must hold after the undo of an object that is gone. */
  readonly holds?: string;
}

/** Functions for `look`. */
export const looking = `link() {
  if ! [ -d "/sys/class/net/$1" ]; then echo "no link $1"; return; fi
  echo "$1 mtu $(cat "/sys/class/net/$1/mtu") up $(($(cat "/sys/class/net/$1/flags") & 1))"
  readlink "/sys/class/net/$1/master" || :
  cat "/sys/class/net/$1/bridge/stp_state" 2>/dev/null || :
  ip -o address show dev "$1" scope global | awk '{ print $4 }'
}
ovs() {
  if ! ovs-vsctl br-exists "$1"; then echo "no bridge $1"; return; fi
  ovs-vsctl --columns=name,datapath_type,other_config list Bridge "$1"
  for port in $(ovs-vsctl list-ports "$1"); do ovs-vsctl --columns=name,type,options list Interface "$port"; done
}
inside() {
  pid=$(docker inspect -f '{{.State.Pid}}' "$1" 2>/dev/null) || pid=0
  shift
  if [ "$pid" = 0 ]; then echo none; else nsenter -t "$pid" -n "$@"; fi
}
file() { if [ -e "$1" ]; then ls -ld --time-style=full-iso "$1"; cat "$1"; else echo "no $1"; fi; }
network() {
  if ! docker network inspect "$1" >/dev/null 2>&1; then echo "no network $1"; return; fi
  docker network inspect -f '{{.Driver}} {{.Internal}} {{.IPAM.Config}} {{.Options}} {{.Labels}}' "$1"
  for c in $(docker ps -a --format '{{.Names}}' --filter network="$1" | sort); do
    docker inspect -f '{{.Name}} {{.State.Running}} {{with index .NetworkSettings.Networks "'"$1"'"}}{{.IPAddress}} {{with .IPAMConfig}}{{.IPv4Address}}{{end}} {{range .Aliases}}{{.}},{{end}}{{end}}' "$c" | sed -E 's/[0-9a-f]{12},//'
  done
}
unit() { systemctl is-enabled "$1" || :; systemctl is-active "$1" || :; }`;

const link = (name: string, before: LinkChange['before'], after: LinkChange['after']): Change => ({
  type: 'link',
  link: name,
  before,
  after,
});
const pair = (
  name: string,
  container: string,
  before: LinkChange['before'],
  after: LinkChange['after'],
): Change => ({
  type: 'link',
  link: name,
  linkKind: {
    is: 'veth',
    peer: { name: 'eth1', in: container, mac: `02:00:00:00:00:0${name.at(-1)}`, mtu: 1400, up: true },
  },
  before,
  after,
});
const route = (
  to: string,
  via: string,
  by: string,
  after: RouteChange['after'],
  container?: string,
): Change => ({
  type: 'route',
  to,
  via,
  link: by,
  ...(container === undefined ? {} : { in: container }),
  before: after === 'present' ? 'absent' : 'present',
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
/** A container with an interface eth1, whose other end is called as the container is. */
const addContainer = (name: string) =>
  `docker run -d --name ${name} --network none --init lab-web >/dev/null`;
const addNic = (name: string) => `${addContainer(name)}
ip link add ${name} type veth peer name eth1 netns "$(docker inspect -f '{{.State.Pid}}' ${name})"
nsenter -t "$(docker inspect -f '{{.State.Pid}}' ${name})" -n sh -c 'ip address add 10.231.30.5/24 dev eth1; ip link set eth1 up'; ip link set ${name} up`;
const inContainer = (name: string, command: string) =>
  `nsenter -t "$(docker inspect -f '{{.State.Pid}}' ${name})" -n ${command}`;
const network = (subnet: string, bridge: string, more: object = {}): NetworkSettings => ({
  driver: 'bridge',
  options: {
    'com.docker.network.bridge.inhibit_ipv4': 'true',
    'com.docker.network.bridge.name': bridge,
  },
  subnet: `${subnet}.0/24`,
  range: `${subnet}.128/26`,
  gateway: `${subnet}.1`,
  labels: { meshbook: 'test' },
  ...more,
});
const networkChange = (
  name: string,
  before: NetworkSettings | null,
  after: NetworkSettings | null,
  more: object = {},
): Change => ({ type: 'container_network', name, before, after, ...more });
/** The network of the settings above, on a bridge of its own. */
const addNetwork = (name: string, subnet: string, bridge: string) =>
  `${addBridge(bridge, subnet)}
docker network create --opt com.docker.network.bridge.name=${bridge} --opt com.docker.network.bridge.inhibit_ipv4=true --subnet ${subnet}.0/24 --ip-range ${subnet}.128/26 --gateway ${subnet}.1 --label meshbook=test ${name}`;
const addBridge = (bridge: string, subnet: string) =>
  `ip link add ${bridge} address 02:00:00:00:01:${bridge.slice(-2)} type bridge; ip address add ${subnet}.1/24 dev ${bridge}; ip link set ${bridge} up`;
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

/** At least one for every primitive; a type without any doesn't compile. */
export const samples: Readonly<Record<Change['type'], readonly Sample[]>> = {
  address: [
    {
      title: 'the interface of an added address',
      before: addLink('gone-a1'),
      changes: [addressChange('gone-a1', '10.231.1.1/24', 'present')],
      look: 'link gone-a1',
      meddle: 'ip address delete 10.231.1.1/24 dev gone-a1',
      gone: 'ip link delete gone-a1',
    },
    {
      title: 'an added address',
      before: addLink('gone-a2'),
      changes: [addressChange('gone-a2', '10.231.2.1/24', 'present')],
      look: 'link gone-a2',
      gone: 'ip address delete 10.231.2.1/24 dev gone-a2',
    },
    {
      title: 'the container of an added address',
      before: addNic('gone-c3'),
      changes: [addressChange('eth1', '10.231.3.9/24', 'present', 'gone-c3')],
      look: 'inside gone-c3 ip -o -4 address show dev eth1',
      meddle: inContainer('gone-c3', 'ip address delete 10.231.3.9/24 dev eth1'),
      gone: 'docker rm -f gone-c3',
    },
    {
      title: 'a removed address in a container that was restarted',
      before: addNic('gone-c4'),
      changes: [addressChange('eth1', '10.231.30.5/24', 'absent', 'gone-c4')],
      look: 'inside gone-c4 ip -o -4 address show dev eth1',
      meddle: inContainer('gone-c4', 'ip address add 10.231.30.5/24 dev eth1'),
      gone: 'docker restart -t 0 gone-c4',
    },
    {
      title: 'the interface of a removed address',
      before: `${addLink('gone-a3')}; ip address add 10.231.3.1/24 dev gone-a3`,
      changes: [addressChange('gone-a3', '10.231.3.1/24', 'absent')],
      look: 'link gone-a3',
      meddle: 'ip address add 10.231.3.1/24 dev gone-a3',
      gone: 'ip link delete gone-a3',
    },
  ],
  link: [
    {
      title: 'a created bridge',
      changes: [link('gone-l1', null, { up: true })],
      look: 'link gone-l1',
      meddle: 'ip link set gone-l1 mtu 1300; ip address add 10.231.21.1/24 dev gone-l1',
      gone: 'ip link delete gone-l1',
    },
    {
      title: 'a created bridge, replaced by an interface of another kind',
      changes: [link('gone-l2', null, { up: true })],
      look: 'link gone-l2',
      gone: `ip link delete gone-l2; ${addLink('gone-l2')}`,
      holds: 'ip link show gone-l2 >/dev/null',
    },
    {
      title: 'an updated link',
      before: addLink('gone-l3'),
      changes: [link('gone-l3', { mtu: 1500 }, { mtu: 1400, up: true })],
      look: 'link gone-l3',
      meddle: 'ip link set gone-l3 mtu 1450',
      gone: 'ip link delete gone-l3',
    },
    {
      title: 'the former bridge of a link',
      before: `ip link add gone-l4 address 02:00:00:00:00:04 type bridge; ${addLink('gone-m4')}; ip link set gone-m4 master gone-l4`,
      changes: [link('gone-m4', { master: 'gone-l4', mtu: 1500 }, { master: null, mtu: 1400, up: true })],
      look: 'link gone-m4',
      meddle: 'ip link set gone-m4 mtu 1300',
      gone: 'ip link delete gone-l4',
      holds: 'ip link show gone-m4 | grep -q "mtu 1500"',
    },
    {
      title: 'the new bridge of a link',
      before: `ip link add gone-l5 address 02:00:00:00:00:05 type bridge; ${addLink('gone-m5')}`,
      changes: [link('gone-m5', { master: null }, { master: 'gone-l5' })],
      look: 'link gone-m5',
      meddle: 'ip link set gone-m5 nomaster',
      gone: 'ip link delete gone-l5',
    },
    {
      title: 'a bridge whose STP was changed',
      before: 'ip link add gone-l6 type bridge',
      changes: [link('gone-l6', { stp: false }, { stp: true })],
      look: 'link gone-l6',
      meddle: 'ip link set gone-l6 type bridge stp_state 0',
      gone: 'ip link delete gone-l6',
    },
    {
      title: 'the container of a new veth pair',
      before: addContainer('gone-c6'),
      changes: [
        pair('gone-v6', 'gone-c6', null, { mac: 'fe:00:00:00:00:06', mtu: 1400, up: true }),
        { type: 'link', link: 'eth1', in: 'gone-c6', before: { mtu: 1400 }, after: { mtu: 1350 } },
      ],
      look: 'link gone-v6; inside gone-c6 ip -br link show eth1 2>&1 | sed "s/@[^ ]*//"',
      meddle: `ip link set gone-v6 mtu 1300; ${inContainer('gone-c6', 'ip address add 10.231.35.1/24 dev eth1')}`,
      gone: 'docker rm -f gone-c6',
    },
    {
      title: 'a new veth pair, with another link in place of its end',
      before: addContainer('gone-c7'),
      changes: [pair('gone-v7', 'gone-c7', null, { mac: 'fe:00:00:00:00:07', up: true })],
      look: 'link gone-v7',
      gone: `ip link delete gone-v7 2>/dev/null || :; ${addLink('gone-v7')}`,
      holds: 'ip link show gone-v7 >/dev/null',
    },
    {
      title: 'a deleted veth pair of a container that was restarted',
      before: `${addContainer('gone-c8')}; ip link add gone-v8 address fe:00:00:00:00:08 mtu 1400 type veth peer name eth1 address 02:00:00:00:00:08 mtu 1400 netns "$(docker inspect -f '{{.State.Pid}}' gone-c8)"; ip link set gone-v8 up; ${inContainer('gone-c8', 'ip link set eth1 up')}`,
      changes: [pair('gone-v8', 'gone-c8', { mac: 'fe:00:00:00:00:08', mtu: 1400, up: true }, null)],
      look: 'link gone-v8; inside gone-c8 ip -br link show eth1 2>&1 | sed "s/@[^ ]*//"',
      gone: 'docker restart -t 0 gone-c8',
    },
  ],
  ovsdb: [
    {
      title: 'a created OVS bridge',
      changes: [
        ovs(
          'gone-o1',
          null,
          netdev,
          port('gone-t1', null, { ...tunnel, options: { remote_ip: '192.0.2.1' } }),
        ),
      ],
      look: 'ovs gone-o1',
      meddle: 'ovs-vsctl del-port gone-t1 -- set Bridge gone-o1 other_config:mac-table-size=77',
      gone: 'ovs-vsctl del-br gone-o1',
    },
    {
      title: 'the OVS bridge of created, updated and deleted ports',
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
      look: 'ovs gone-o2',
      meddle:
        'ovs-vsctl set Interface gone-t3 options:remote_ip=192.0.2.77 -- del-port gone-t4 -- set Bridge gone-o2 other_config:mac-table-size=77',
      gone: 'ovs-vsctl del-br gone-o2',
      holds: '! ovs-vsctl br-exists gone-o2',
    },
    {
      title: 'created and updated ports',
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
      look: 'ovs gone-o3',
      meddle: 'ovs-vsctl set Interface gone-t5 options:remote_ip=192.0.2.78',
      gone: 'ovs-vsctl del-port gone-t5; ovs-vsctl del-port gone-t6',
      holds: 'ovs-vsctl br-exists gone-o3',
    },
  ],
  file: [
    {
      title: 'a created file',
      changes: [file('/srv/gone-1/a')],
      look: 'file /srv/gone-1/a',
      meddle: 'echo mine >/srv/gone-1/a',
      gone: 'rm -r /srv/gone-1',
    },
    {
      title: 'the folder of a rewritten file',
      before: 'mkdir /srv/gone-2; echo old >/srv/gone-2/a',
      changes: [file('/srv/gone-2/a')],
      look: 'file /srv/gone-2/a',
      meddle: 'echo mine >/srv/gone-2/a; chmod 600 /srv/gone-2/a',
      gone: 'rm -r /srv/gone-2',
      holds: 'grep -qx old /srv/gone-2/a',
    },
    {
      title: 'the folder of a removed file',
      before: 'mkdir /srv/gone-3; echo old >/srv/gone-3/a',
      changes: [file('/srv/gone-3/a', { after: null })],
      look: 'file /srv/gone-3/a',
      meddle: 'echo mine >/srv/gone-3/a',
      gone: 'rmdir /srv/gone-3',
      holds: 'grep -qx old /srv/gone-3/a',
    },
    {
      title: 'a created file, replaced by a folder',
      changes: [file('/srv/gone-4')],
      look: 'file /srv/gone-4',
      gone: 'rm /srv/gone-4; mkdir /srv/gone-4; echo mine >/srv/gone-4/a',
      holds: 'grep -qx mine /srv/gone-4/a',
    },
    {
      title: 'the unit of a file',
      before: addUnit('gone-r1'),
      changes: [file('/srv/gone-5', { settle: [{ type: 'unit-restart', unit: 'gone-r1.service' }] })],
      look: 'file /srv/gone-5',
      gone: removeUnit('gone-r1'),
    },
  ],
  unit: [
    {
      title: 'a stopped and disabled unit',
      before: addUnit('gone-u1'),
      changes: [
        {
          type: 'unit',
          unit: 'gone-u1.service',
          before: { enabled: true, active: true },
          after: { enabled: false, active: false },
        },
      ],
      look: 'unit gone-u1.service',
      meddle: 'systemctl start gone-u1',
      gone: removeUnit('gone-u1'),
    },
    {
      title: 'a started and enabled unit',
      before: `${addUnit('gone-u2')}; systemctl disable -q --now gone-u2`,
      changes: [
        {
          type: 'unit',
          unit: 'gone-u2.service',
          before: { enabled: false, active: false },
          after: { enabled: true, active: true },
        },
      ],
      look: 'unit gone-u2.service',
      meddle: 'systemctl disable -q gone-u2',
      gone: removeUnit('gone-u2'),
    },
  ],
  sysctl: [
    {
      title: 'the interface of a kernel parameter',
      before: addLink('gone-s1'),
      changes: [{ type: 'sysctl', name: 'net.ipv4.conf.gone-s1.rp_filter', before: '0', after: '2' }],
      look: 'cat /proc/sys/net/ipv4/conf/gone-s1/rp_filter',
      meddle: 'echo 1 >/proc/sys/net/ipv4/conf/gone-s1/rp_filter',
      gone: 'ip link delete gone-s1',
    },
  ],
  uplink: [
    {
      title: 'the Linux bridge of an uplink',
      before: `${addLink('gone-n1')}; ip address add 10.231.11.1/24 dev gone-n1`,
      changes: [uplink('uplink', ['gone-n1', 'gone-b1', '10.231.11.1/24'], outside, inside)],
      look: 'link gone-n1; link gone-b1',
      meddle: 'ip link set gone-n1 nomaster',
      gone: 'ip link delete gone-b1',
      holds: 'ip address show gone-n1 | grep -q 10.231.11.1/24',
    },
    {
      title: 'an uplink in a Linux bridge',
      before: `${addLink('gone-n2')}; ip address add 10.231.12.1/24 dev gone-n2`,
      changes: [uplink('uplink', ['gone-n2', 'gone-b2', '10.231.12.1/24'], outside, inside)],
      look: 'link gone-n2; link gone-b2',
      meddle: 'ip address delete 10.231.12.1/24 dev gone-b2',
      gone: 'ip link delete gone-n2',
      holds: '! ip link show gone-b2 >/dev/null 2>&1',
    },
  ],
  ovs_uplink: [
    {
      title: 'the OVS bridge of an uplink',
      before: `${addLink('gone-n3')}; ip address add 10.231.13.1/24 dev gone-n3`,
      changes: [uplink('ovs_uplink', ['gone-n3', 'gone-b3', '10.231.13.1/24'], outside, inside)],
      look: 'link gone-n3; link gone-b3; ovs gone-b3',
      meddle: 'ovs-vsctl del-port gone-n3',
      gone: 'ovs-vsctl del-br gone-b3',
      holds: 'ip address show gone-n3 | grep -q 10.231.13.1/24',
    },
    {
      title: 'the former OVS bridge of an uplink',
      before: `${addLink('gone-n4')}; ${addOvs('gone-b4')} -- add-port gone-b4 gone-n4; ip address add 10.231.14.1/24 dev gone-b4; ip link set gone-b4 up`,
      changes: [
        uplink('ovs_uplink', ['gone-n4', 'gone-b4', '10.231.14.1/24'], inside, {
          ...inside,
          member: false,
          holder: 'link',
        }),
      ],
      look: 'link gone-n4; link gone-b4; ovs gone-b4',
      gone: 'ovs-vsctl del-br gone-b4',
      holds:
        'ip address show gone-b4 | grep -q 10.231.14.1/24; ovs-vsctl --may-exist add-port gone-b4 gone-n4',
    },
    {
      title: 'an uplink in an OVS bridge',
      before: `${addLink('gone-n5')}; ip address add 10.231.15.1/24 dev gone-n5`,
      changes: [uplink('ovs_uplink', ['gone-n5', 'gone-b5', '10.231.15.1/24'], outside, inside)],
      look: 'link gone-n5; link gone-b5; ovs gone-b5',
      meddle: 'ip address delete 10.231.15.1/24 dev gone-b5',
      gone: 'ip link delete gone-n5',
      holds: '! ovs-vsctl br-exists gone-b5',
    },
  ],
  container_network: [
    {
      title: 'a Docker network that was made',
      before: addBridge('gone-w01', '10.231.41'),
      changes: [networkChange('gone-n1', null, network('10.231.41', 'gone-w01'))],
      look: 'network gone-n1; link gone-w01',
      meddle: 'docker create --name gone-d2 --network gone-n1 lab-web',
      gone: 'docker network rm gone-n1',
    },
    {
      title: "a Docker network that was made, with somebody else's in its place",
      before: addBridge('gone-w02', '10.231.42'),
      changes: [networkChange('gone-n2', null, network('10.231.42', 'gone-w02'))],
      look: 'network gone-n2; link gone-w02',
      gone: 'docker network rm gone-n2; docker network create --subnet 10.231.49.0/24 gone-n2',
      holds: 'docker network inspect gone-n2 >/dev/null',
    },
    {
      title: 'a Docker network that was made anew, with containers on it',
      before: `${addNetwork('gone-n3', '10.231.43', 'gone-w03')}
docker run -d --name gone-d3 --init --network gone-n3 --ip 10.231.43.150 --network-alias shop lab-web
docker run -d --name gone-d4 --init --network gone-n3 lab-web
docker create --name gone-d5 --network gone-n3 --network-alias depot lab-web`,
      changes: [
        networkChange(
          'gone-n3',
          network('10.231.43', 'gone-w03'),
          network('10.231.43', 'gone-w03', { range: '10.231.43.128/25', internal: true }),
          { reconnected: ['gone-d3', 'gone-d4'], stopped: ['gone-d5'] },
        ),
      ],
      look: 'network gone-n3; link gone-w03',
      meddle: `for c in gone-d3 gone-d4 gone-d5; do docker network disconnect gone-n3 $c; done; docker network rm gone-n3
docker network create --opt com.docker.network.bridge.name=gone-w03 --subnet 10.231.43.0/24 --gateway 10.231.43.1 --label meshbook=test gone-n3
docker network connect --ip 10.231.43.150 --alias shop gone-n3 gone-d3
docker network connect gone-n3 gone-d4; docker network connect --alias depot gone-n3 gone-d5`,
      gone: 'docker rm -f gone-d3 gone-d4 gone-d5; docker network rm gone-n3',
      holds: '! docker network inspect gone-n3 >/dev/null 2>&1',
    },
    {
      title: 'a Docker network that was removed',
      before: addNetwork('gone-n4', '10.231.44', 'gone-w04'),
      changes: [networkChange('gone-n4', network('10.231.44', 'gone-w04'), null)],
      look: 'network gone-n4; link gone-w04',
      gone: 'docker network create --subnet 10.231.48.0/24 gone-n4',
      holds: 'docker network inspect gone-n4 | grep -q 10.231.48.0/24',
    },
  ],
  swarm: [
    {
      title: 'a created swarm',
      changes: [
        {
          type: 'swarm',
          before: null,
          after: { role: 'manager', manager: 'docker3', address: '127.0.0.1' },
        },
      ],
      look: "docker info -f '{{.Swarm.LocalNodeState}}'; docker network ls --format '{{.Name}}' | sort",
      meddle: 'docker swarm leave --force',
      gone: 'docker swarm leave --force',
    },
  ],
  route: [
    {
      title: 'an added route',
      before: `${addLink('gone-t1')}; ip link set gone-t1-p up; ip address add 10.231.31.1/24 dev gone-t1`,
      changes: [route('10.231.32.0/24', '10.231.31.9', 'gone-t1', 'present')],
      look: 'ip -4 route show dev gone-t1 2>&1',
      meddle: 'ip route delete 10.231.32.0/24 dev gone-t1',
      gone: 'ip link delete gone-t1',
    },
    {
      title: 'a removed route',
      before: `${addLink('gone-t2')}; ip link set gone-t2-p up; ip address add 10.231.33.1/24 dev gone-t2; ip route add 10.231.34.0/24 via 10.231.33.9 dev gone-t2`,
      changes: [route('10.231.34.0/24', '10.231.33.9', 'gone-t2', 'absent')],
      look: 'ip -4 route show dev gone-t2 2>&1',
      meddle: 'ip route add 10.231.34.0/24 via 10.231.33.9 dev gone-t2',
      gone: 'ip link delete gone-t2',
    },
    {
      title: 'the container of an added default route',
      before: addNic('gone-c5'),
      changes: [route('default', '10.231.30.1', 'eth1', 'present', 'gone-c5')],
      look: 'inside gone-c5 ip -4 route',
      meddle: inContainer('gone-c5', 'ip route delete default'),
      gone: 'docker rm -f gone-c5',
    },
  ],
  run: [
    {
      title: 'what a command made',
      changes: [
        { type: 'run', command: 'touch /srv/gone-6', undo: 'rm -f /srv/gone-6', timeout: 5, always: true },
      ],
      look: 'ls -d /srv/gone-6 2>&1 || :',
      meddle: 'rm /srv/gone-6',
      gone: 'rm /srv/gone-6',
    },
  ],
  package: [
    {
      title: 'an installed package',
      before: 'apt-get -q -y purge bridge-utils >/dev/null',
      changes: [
        {
          type: 'package',
          packages: [{ name: 'bridge-utils', before: { installed: null, candidate: null } }],
          after: 'installed',
          update: false,
        },
      ],
      look: 'dpkg-query -W; ls /usr/sbin/brctl 2>&1 || :',
      meddle: 'rm /usr/sbin/brctl',
      gone: 'apt-get -q -y purge bridge-utils >/dev/null',
    },
  ],
};

/** A restart of Docker changes nothing that lasts; test/lab/docker.test.ts has its ways there and back. */
export const dockerRestarts: Sample = {
  title: 'a running container',
  before: 'docker run -d --name gone-c1 --init lab-web',
  changes: [],
  settle: [
    { type: 'docker-restart', brings: { before: {}, after: {}, restarted: ['gone-c1'], deleted: [] } },
  ],
  look: "docker inspect -f '{{.State.Running}}' gone-c1",
  gone: 'docker rm -f gone-c1',
};

/** Removes everything that samples have left. */
export const clean = `docker rm -f $(docker ps -aq --filter name=gone-c --filter name=gone-d) >/dev/null 2>&1 || :
docker network rm gone-n1 gone-n2 gone-n3 gone-n4 >/dev/null 2>&1 || :
for l in $(ls /sys/class/net | grep '^gone-'); do ip link delete $l 2>/dev/null || :; done
for b in $(ovs-vsctl list-br | grep '^gone-'); do ovs-vsctl del-br $b; done
for u in gone-r1 gone-u1 gone-u2; do systemctl disable -q --now $u 2>/dev/null || :; rm -f /etc/systemd/system/$u.service; done
systemctl daemon-reload
rm -rf /srv/gone-*`;
