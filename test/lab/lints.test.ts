import { describe, expect, it } from 'vitest';
import { expectExit, lab, meshbook, on, stateDir, write } from './cli.ts';

const playbook = `name: Lints
hosts: all
overlays: { lab: { cidr: 10.77.0.0/24, tunnel: gre, subnet_prefix: 28 } }
steps:
  - linux_bridge: { name: lints0, members: [dummy7] }
  - ovs_tunnels: { bridge: lints1, overlay: lab }
`;

function tunnel(name: string, to: string, key: number): string {
  const address = lab().hosts.find((host) => host.name === to)?.underlayAddress;
  return `ovs-vsctl --timeout=10 add-port lints1 ${name} -- set interface ${name} type=gre options:remote_ip=${address} options:key=${key}`;
}

describe
  .skipIf(stateDir === '')
  .sequential('warnings about networks, on real hosts', { timeout: 240_000 }, () => {
    it('are none on separate hosts', async () => {
      const path = write('bare.yml', 'hosts: all\nsteps: [{ linux_bridge: { name: lints0 } }]\n');
      const { stderr } = await expectExit(0, 'plan', path);
      expect(stderr).toBe('');
    });

    it('report clones, existing routes and tunnels, and two network managers', async () => {
      const path = write('lints.yml', playbook);
      const key = (await on('docker1', 'cat /etc/ssh/ssh_host_ed25519_key.pub')).trim();
      const id = (await on('docker1', 'cat /etc/machine-id')).trim();
      for (const host of ['docker1', 'docker2', 'docker3'])
        await on(
          host,
          `ip link add dummy7 type veth peer name dummy8
ovs-vsctl --timeout=10 add-br lints1 -- set bridge lints1 datapath_type=netdev`,
        );
      await on(
        'docker2',
        `cp /etc/ssh/ssh_host_ed25519_key.pub /root/key.pub; cp /etc/machine-id /root/machine-id
printf '%s\\n' '${key}' >/etc/ssh/ssh_host_ed25519_key.pub
umount /etc/machine-id 2>/dev/null || :; chmod u+w /etc/machine-id; printf '%s\\n' '${id}' >/etc/machine-id`,
      );
      await on(
        'docker3',
        'ovs-vsctl --timeout=10 add-port lints1 vlan7 tag=7 -- set interface vlan7 type=internal; ip route add 10.77.0.128/25 via "$(ip -4 route show default | cut -d" " -f3)" 2>/dev/null || ip route add 10.77.0.128/25 dev dummy7 || { ip link set dummy7 up; ip route add 10.77.0.128/25 dev dummy7; }',
      );
      await on('docker2', tunnel('old1', 'docker1', 8));
      await on(
        'docker1',
        `ovs-vsctl --timeout=10 add-port lints1 old0 -- set interface old0 type=gre options:remote_ip=198.51.100.9
${tunnel('old1', 'docker2', 7)}
${tunnel('old2', 'docker3', 9)}
mkdir -p /run/systemd/network /etc/network/interfaces.d
printf '[Match]\\nName=dummy7\\n[Network]\\nLinkLocalAddressing=no\\n' >/run/systemd/network/10-netplan-dummy7.network
printf 'iface dummy7 inet manual\\n' >/etc/network/interfaces.d/dummy7
printf '[Service]\\nType=oneshot\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' >/run/systemd/system/networking.service
systemctl daemon-reload; systemctl is-enabled networking || systemctl enable --runtime networking`,
      );
      try {
        const { stderr } = await meshbook('plan', path);
        expect(stderr).toContain('cloned-hosts warning: docker1, docker2: the hosts share one SSH host key');
        expect(stderr).toContain('cloned-hosts warning: docker1, docker2: the hosts share one machine-id');
        expect(stderr).toMatch(
          /overlay-over-network warning: docker3: the range 10\.77\.0\.0\/24 of overlay 'lab' overlaps 10\.77\.0\.128\/25/,
        );
        expect(stderr).toContain('foreign-tunnel warning: docker1: lints1 keeps old0, old1, old2');
        expect(stderr).toContain(
          'two-network-managers warning: docker1: ifupdown and netplan both bring up dummy7',
        );
        expect(stderr).toContain(
          "tunnel-ends-differ warning: docker1: the tunnel to 'docker2' has key 7, and its other end has key 8",
        );
        expect(stderr).toContain(
          "one-sided-tunnel warning: docker1: a tunnel leads to 'docker3', which has none back",
        );
        expect(stderr).toContain('mtu-above-overlay warning: docker3: the MTU of vlan7 is 1500');
        const warnings = (text: string) =>
          [...text.matchAll(/^\S+ (\S+) warning: (.*)$/gm)].map(([line]) => line);
        expect(warnings((await meshbook('drift', path)).stderr)).toEqual(warnings(stderr));
        const { stdout } = await meshbook('plan', path, '--format', 'markdown');
        expect(stdout).toMatch(
          /\*\*Warnings\*\*\n[\s\S]*tunnel-ends-differ: docker1: the tunnel to 'docker2'/,
        );
      } finally {
        await on(
          'docker2',
          'cp /root/key.pub /etc/ssh/ssh_host_ed25519_key.pub; cat /root/machine-id >/etc/machine-id; rm /root/key.pub /root/machine-id',
        );
        await on(
          'docker1',
          'rm -f /run/systemd/network/10-netplan-dummy7.network /etc/network/interfaces.d/dummy7; systemctl disable --runtime networking 2>/dev/null || :; rm -f /run/systemd/system/networking.service; systemctl daemon-reload',
        );
        for (const host of ['docker1', 'docker2', 'docker3'])
          await on(
            host,
            'ip route del 10.77.0.128/25 2>/dev/null || :; ip link del dummy7; ovs-vsctl --timeout=10 del-br lints1',
          );
      }
    });

    it('know real network managers, each of which manages only its own interfaces', async () => {
      const path = write(
        'managers.yml',
        'hosts: docker3\nsteps: [{ linux_bridge: { name: lints0, members: [mgr0, mgr1, mgr2, mgr3] } }]\n',
      );
      await on(
        'docker3',
        `mkdir -p /etc/NetworkManager/conf.d /etc/netplan /etc/network/interfaces.d /run/systemd/network
printf '[keyfile]\\nunmanaged-devices=*,except:interface-name:mgr0,except:interface-name:mgr3\\n' >/etc/NetworkManager/conf.d/lab.conf
printf '[Match]\\nName=mgr0\\n[Network]\\nLinkLocalAddressing=no\\n' >/run/systemd/network/20-mgr0.network
DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install network-manager netplan.io >/dev/null 2>&1
printf 'network:\\n  version: 2\\n  renderer: networkd\\n  ethernets:\\n    all: { match: { name: "mgr[12]" }, optional: true }\\n    mgr3: { renderer: NetworkManager, addresses: [10.78.3.1/24] }\\n' >/etc/netplan/10-lab.yaml
chmod 600 /etc/netplan/10-lab.yaml
printf 'iface mgr1 inet manual\\n' >/etc/network/interfaces.d/mgr1
netplan generate; systemctl start systemd-networkd; systemctl restart NetworkManager
for n in 0 1 2 3; do ip link add mgr$n type veth peer name peer$n; ip link set mgr$n up; ip link set peer$n up; done
for i in $(seq 50); do networkctl list mgr2 --no-legend | grep -q configured && nmcli -g GENERAL.CONNECTION device show mgr3 | grep -q netplan && nmcli -g GENERAL.CONNECTION device show mgr0 | grep -q . && break; sleep 0.2; done`,
      );
      try {
        const { stderr } = await expectExit(0, 'plan', path);
        const said = [...stderr.matchAll(/two-network-managers warning: (.*)/g)].map(([, text]) => text);
        expect(said).toEqual([
          'NetworkManager and systemd-networkd both bring up mgr0',
          'ifupdown and netplan both bring up mgr1',
        ]);
      } finally {
        await on(
          'docker3',
          `systemctl stop NetworkManager systemd-networkd systemd-networkd.socket
DEBIAN_FRONTEND=noninteractive apt-get -q -y --purge autoremove network-manager netplan.io >/dev/null 2>&1
rm -rf /etc/NetworkManager /run/NetworkManager /etc/netplan /run/systemd/network /etc/network/interfaces.d/mgr1
systemctl daemon-reload
for n in 0 1 2 3; do ip link del mgr$n; done`,
        );
      }
    });
  });
