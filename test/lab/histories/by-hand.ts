/**
 * A change by hand that someone makes on a host, without meshbook. Scripts run as root; one that has nothing to act on
 * exits with 9.
 */
export interface HandMade {
  readonly words: string;
  readonly make: string;
  /** Whether it is still there and works: a run must leave it alone. Undefined: it damages what a run has made. */
  readonly there?: string;
  readonly remove?: string;
  /** Whether a boot removes it. */
  readonly live?: true;
  /** What its owner does after a boot. */
  readonly afterBoot?: string;
  /** Whether it is on a bridge that runs have made, so a forced undo removes it as well. */
  readonly onOurs?: true;
  /** Only if Docker takes part. */
  readonly docker?: true;
}

const ourOvs = 'ovs=$(ovs-vsctl list-br | grep "^ovs" | head -n 1); [ -n "$ovs" ] || exit 9';
const ourBridge =
  'bridge=$(ls -d /sys/class/net/*/bridge 2>/dev/null | cut -d/ -f5 | grep -v "^docker0$" | head -n 1); [ -n "$bridge" ] || exit 9';

/** A container's sleep that ends at once on SIGTERM. */
const sleeper = `sh -c "trap 'exit 0' TERM; sleep 100000 & wait"`;

export const handMade = {
  port: {
    words: "puts a port of its owner's into our Open vSwitch bridge",
    make: `${ourOvs}; ovs-vsctl --timeout=10 --may-exist add-port "$ovs" foreign0 -- set Interface foreign0 type=internal`,
    there: 'ovs-vsctl list-ifaces "$(ovs-vsctl iface-to-br foreign0)" | grep -qx foreign0',
    remove: 'ovs-vsctl --timeout=10 --if-exists del-port foreign0',
    onOurs: true,
  },
  'bridge with a tunnel': {
    words: 'makes another Open vSwitch bridge with a tunnel to somewhere else',
    make: 'ovs-vsctl --timeout=10 --may-exist add-br foreign-br -- set bridge foreign-br datapath_type=netdev -- --may-exist add-port foreign-br foreign1 -- set Interface foreign1 type=gre options:remote_ip=203.0.113.9',
    there: 'ovs-vsctl list-ports foreign-br | grep -qx foreign1',
    remove: 'ovs-vsctl --timeout=10 --if-exists del-br foreign-br',
  },
  'equal tunnel': {
    words: 'makes a tunnel with the ends of one of ours on another bridge',
    make: `remote=$(ovs-vsctl --bare --columns=options find Interface type=gre | sed -n 's/.*remote_ip=\\([0-9.]*\\).*/\\1/p' | grep -v 203.0.113 | head -n 1)
[ -n "$remote" ] || remote=10.98.$(ip -4 -o address show br-phy | sed -n 's/.*inet 10.98.\\([0-9]*\\)\\..*/\\1/p').12
ovs-vsctl --timeout=10 --may-exist add-br foreign-br2 -- set bridge foreign-br2 datapath_type=netdev -- --may-exist add-port foreign-br2 foreign2 -- set Interface foreign2 type=gre options:remote_ip=$remote`,
    there: 'ovs-vsctl list-ports foreign-br2 | grep -qx foreign2',
    remove: 'ovs-vsctl --timeout=10 --if-exists del-br foreign-br2',
  },
  address: {
    words: 'gives our Linux bridge another address',
    make: `${ourBridge}; ip address replace 192.168.77.7/24 dev "$bridge"`,
    there: 'ip -4 -o address show | grep -q 192.168.77.7/24',
    remove:
      'dev=$(ip -4 -o address show to 192.168.77.7 | cut -d" " -f2); [ -z "$dev" ] || ip address delete 192.168.77.7/24 dev "$dev"',
    live: true,
    onOurs: true,
  },
  rule: {
    words: 'adds an iptables rule',
    make: 'iptables -w -C INPUT -s 203.0.113.7 -j DROP 2>/dev/null || iptables -w -I INPUT -s 203.0.113.7 -j DROP',
    there: 'iptables -w -C INPUT -s 203.0.113.7 -j DROP',
    remove: 'iptables -w -D INPUT -s 203.0.113.7 -j DROP 2>/dev/null || :',
    live: true,
  },
  container: {
    words: 'runs a container',
    make: 'docker inspect mine >/dev/null 2>&1 || docker run -d --name mine lab-web >/dev/null',
    there: 'test "$(docker inspect -f "{{.State.Running}}" mine)" = true',
    afterBoot: 'docker start mine >/dev/null',
    remove: 'docker rm -f mine >/dev/null 2>&1 || :',
    docker: true,
  },
  'leaning container': {
    words: 'runs a container with the network of another, which was started again since',
    make: `docker inspect leant >/dev/null 2>&1 && exit 0
docker run -d --name leant lab-web >/dev/null
docker run -d --name leaning --network container:leant lab-web ${sleeper} >/dev/null
docker restart leant >/dev/null`,
    there: 'test "$(docker inspect -f "{{.State.Running}}" leant leaning | sort -u)" = true',
    afterBoot:
      'docker start leant >/dev/null; docker start leaning >/dev/null; docker restart leant >/dev/null',
    remove: 'docker rm -f leaning leant >/dev/null 2>&1 || :',
    docker: true,
  },
  'stopped container': {
    words: 'has a container that is stopped',
    make: 'docker inspect resting >/dev/null 2>&1 || docker create --name resting lab-web >/dev/null',
    there: 'test "$(docker inspect -f "{{.State.Running}}" resting)" = false',
    remove: 'docker rm -f resting >/dev/null 2>&1 || :',
    docker: true,
  },
  'daemon.json': {
    words: 'writes a key into daemon.json',
    make: 'mkdir -p /etc/docker; [ -e /etc/docker/daemon.json ] || echo \'{ "log-level": "warn" }\' >/etc/docker/daemon.json',
    there: 'grep -q log-level /etc/docker/daemon.json',
    remove: 'rm -f /etc/docker/daemon.json',
    docker: true,
  },
  'no tunnel': {
    words: 'deletes one of our tunnel ports',
    make: `port=$(ovs-vsctl --bare --columns=name find Interface external_ids:meshbook-peer!=none | sed -n /./p | head -n 1)
[ -n "$port" ] || exit 9; ovs-vsctl --timeout=10 del-port "$port"`,
  },
  'no bridge': {
    words: 'deletes our Linux bridge',
    make: `${ourBridge}; ip link delete "$bridge"`,
  },
  'bridge down': {
    words: 'sets our Linux bridge down',
    make: `${ourBridge}; ip link set "$bridge" down`,
  },
  'no address': {
    words: "takes our Linux bridge's address away",
    make: `${ourBridge}; ip address flush dev "$bridge"`,
  },
  'no Open vSwitch bridge': {
    words: 'deletes our Open vSwitch bridge',
    make: `${ourOvs}; ovs-vsctl --timeout=10 del-br "$ovs"`,
  },
} as const satisfies Readonly<Record<string, HandMade>>;

export type ByHand = keyof typeof handMade;
