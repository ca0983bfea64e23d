import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../src/lab/command.ts';
import * as labs from '../../src/lab/lab.ts';
import { cgroupRoots, type LabLayout, labsFolder } from '../../src/lab/layout.ts';
import { readLab } from '../../src/lab/state.ts';
import { lab, stateDir } from './own-lab.ts';

const names = ['docker1', 'docker2', 'docker3'];

/** The output of a script on a host; fails the test if the script fails. */
async function on(host: string, script: string, of = lab()): Promise<string> {
  const { exitCode, stdout, stderr } = await labs.labExec(of, host, `set -e\n${script}`);
  expect(`${stderr} (${exitCode})`).toMatch(/\(0\)$/);
  return stdout.trim();
}

const ssh = (host: string, ...command: string[]) =>
  run([
    'ssh',
    '-o',
    'BatchMode=yes',
    '-o',
    'ConnectTimeout=5',
    ...labs.sshArguments(lab(), host),
    ...command,
  ]);

describe.skipIf(stateDir === '').sequential('the hosts of a lab', { timeout: 60_000 }, () => {
  it.each(names)('%s answers SSH with the key in known_hosts', async (name) => {
    expect(await ssh(name, 'hostname')).toMatchObject({ exitCode: 0, stdout: `${name}\n` });
  });

  it('refuse a user without the key', async () => {
    const [host] = lab().hosts;
    const options = ['-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${lab().knownHosts}`];
    const result = await run([
      'ssh',
      '-F',
      'none',
      '-i',
      '/dev/null',
      ...options,
      `root@${host?.address}`,
      'true',
    ]);
    expect(result.stderr).toContain('Permission denied');
  });

  it('let op use sudo with its password only, and nopw without one', async () => {
    const sudo = (user: string, command: string) =>
      run([
        'ssh',
        ...labs.sshArguments(lab(), 'docker1').slice(0, -1),
        `${user}@${lab().hosts[0]?.address}`,
        command,
      ]);
    expect((await sudo('nopw', 'sudo -n id -u')).stdout).toBe('0\n');
    expect((await sudo('op', 'sudo -n id -u')).exitCode).not.toBe(0);
    expect((await sudo('op', 'echo lab-op | sudo -S -p "" id -u')).stdout).toBe('0\n');
  });

  it.each([
    ['machine id', 'cat /etc/machine-id'],
    ['host key', 'cat /etc/ssh/ssh_host_ed25519_key.pub'],
    ['Open vSwitch system id', 'ovs-vsctl get Open_vSwitch . external_ids:system-id'],
    ['eth0 MAC', 'cat /sys/class/net/eth0/address'],
    ['br-phy MAC', 'cat /sys/class/net/br-phy/address'],
    ['boot id', 'cat /proc/sys/kernel/random/boot_id'],
  ])('each have a different %s', async (_, script) => {
    const ids = await Promise.all(names.map((name) => on(name, script)));
    expect(new Set(ids.filter((id) => id.length > 10)).size).toBe(names.length);
  });

  it('reach each other over the underlay, through br-phy', async () => {
    for (const name of names) {
      for (const { underlayAddress } of lab().hosts) await on(name, `ping -c 1 -W 2 -q ${underlayAddress}`);
      expect(await on(name, 'ip -4 -o address show to 10.98.0.0/16')).toContain(' br-phy ');
      expect(await on(name, 'ovs-vsctl get bridge br-phy datapath_type')).toBe('netdev');
    }
  });

  it('answer once when asked for their MAC address on the underlay', async () => {
    const address = lab().hosts[1]?.underlayAddress;
    const cookie = '0xa4';
    await on(
      'docker1',
      `ovs-ofctl add-flow br-phy cookie=${cookie},priority=9,arp,arp_op=2,arp_spa=${address},actions=NORMAL
ip neighbour flush dev br-phy; ping -c 1 -W 2 -q ${address}; sleep 1`,
    );
    const flow = await on(
      'docker1',
      `ovs-ofctl dump-flows br-phy cookie=${cookie}/-1; ovs-ofctl del-flows br-phy cookie=${cookie}/-1`,
    );
    expect(flow).toContain(' n_packets=1,');
  });

  it('carry full frames and TCP over the underlay', async () => {
    const [, second] = lab().hosts;
    await on('docker1', `ping -c 1 -W 2 -q -M do -s 1472 ${second?.underlayAddress}`);
    const image = await on('docker2', 'busybox httpd -p 7777 -h /srv/images; sha256sum </srv/images/web.tar');
    const url = `http://${second?.underlayAddress}:7777/web.tar`;
    expect(await on('docker1', `curl -sS --max-time 10 ${url} | sha256sum`)).toBe(image);
    await on('docker2', 'pkill -x busybox');
  });

  it('run containers that serve and fetch a page', async () => {
    const page = await on(
      'docker1',
      `docker run -d --name page lab-web >/dev/null
       trap 'docker rm -f page >/dev/null' EXIT
       address=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' page)
       docker run --rm lab-web sh -c "until timeout 5 wget -q -O - http://$address/; do sleep 0.1; done"`,
    );
    expect(page).toBe('<h1>meshbook lab</h1>');
  });

  it('have no failed unit', async () => {
    for (const name of names) expect(await on(name, 'systemctl --failed --no-legend --plain')).toBe('');
  });

  it('can write settings of their own network, and none of this machine', async () => {
    await on(
      'docker1',
      'sysctl -qw net.ipv4.ip_forward=1; f=/sys/class/net/docker0/bridge/hello_time; v=$(cat $f); echo $v >$f',
    );
    const before = readFileSync('/proc/sys/vm/swappiness', 'utf8');
    expect((await labs.labExec(lab(), 'docker1', 'sysctl -qw vm.swappiness=1')).exitCode).not.toBe(0);
    expect(readFileSync('/proc/sys/vm/swappiness', 'utf8')).toBe(before);
  });

  it('have a package left to install, without a network', async () => {
    const found = await on('docker3', 'apt-get -q update >/dev/null; apt-get -s install bridge-utils');
    expect(found).toContain('Inst bridge-utils');
  });

  it('can lose their link to this machine and get it back, without losing the underlay', async () => {
    const [, second] = lab().hosts;
    await labs.linkDown(lab(), 'docker2');
    try {
      expect((await ssh('docker2', 'true')).exitCode).toBe(255);
      await on('docker1', `ping -c 1 -W 2 -q ${second?.underlayAddress}`);
    } finally {
      await labs.linkUp(lab(), 'docker2');
    }
    expect((await ssh('docker2', 'true')).exitCode).toBe(0);
  });

  it.each([
    ['a power cut', async () => labs.hostRestart(lab(), 'docker3')],
    [
      'a reboot of their own',
      async () => {
        const booted = await on('docker3', 'cat /proc/sys/kernel/random/boot_id');
        await ssh('docker3', 'systemctl reboot');
        await expect
          .poll(async () => (await ssh('docker3', 'cat /proc/sys/kernel/random/boot_id')).stdout, {
            timeout: 20_000,
          })
          .toMatch(new RegExp(`^(?!${booted}).+`));
        await labs.labUp({ stateDir, hosts: 3, install: false });
      },
    ],
  ])('keep their disk and underlay over %s, and lose live state', async (_, reboot) => {
    await on('docker3', 'echo kept >/etc/kept; sync; ip link add lost type bridge');
    await reboot();
    expect(await on('docker3', 'cat /etc/kept; rm /etc/kept')).toBe('kept');
    expect(await on('docker3', 'ls /sys/class/net')).not.toContain('lost');
    await on('docker3', `ping -c 1 -W 2 -q ${lab().hosts[0]?.underlayAddress}`);
    await on('docker3', 'docker image inspect lab-web');
  });
});

describe.skipIf(stateDir === '').sequential('making and removing a lab', { timeout: 60_000 }, () => {
  let own = '';
  const ownLab = () => readLab(own) ?? expect.fail('no lab');
  afterEach(async () => {
    await labs.labDown(own);
    rmSync(own, { recursive: true });
  });
  const fresh = () => {
    own = mkdtempSync(join(tmpdir(), 'meshbook-lab-test-'));
    return { stateDir: own, install: false, docker: false };
  };

  it('a lab grows, keeps its hosts, and leaves nothing behind', async () => {
    await labs.labUp({ ...fresh(), hosts: 1 });
    const booted = await on('docker1', 'cat /proc/sys/kernel/random/boot_id', ownLab());
    const { layout } = await labs.labUp({ stateDir: own, install: false, docker: false, hosts: 2 });
    expect(await on('docker1', 'cat /proc/sys/kernel/random/boot_id', ownLab())).toBe(booted);
    expect(await on('docker2', 'systemctl is-active docker.socket docker || true', ownLab())).toBe(
      'inactive\ninactive',
    );
    expect(labs.labStatus(own)?.hosts.map((h) => h.power)).toEqual([true, true]);
    expect(layout.number).not.toBe(lab().layout.number);

    expect(traces(layout)).not.toEqual([]);
    expect(await labs.labDown(own)).toBe(true);
    expect(traces(layout)).toEqual([]);
    expect(readdirSync(own)).toEqual([]);
    expect(await labs.labDown(own)).toBe(false);
  });

  it('the results of an interrupted `up` are found and removed without its state file', async () => {
    const { layout } = await labs.labUp({ ...fresh(), hosts: 1 });
    rmSync(join(own, 'lab'), { recursive: true });
    expect(await labs.labDown(own)).toBe(true);
    expect(traces(layout)).toEqual([]);
  });

  it('an `up` after an interrupted one repairs the lab', async () => {
    const { layout, hosts } = await labs.labUp({ ...fresh(), hosts: 1 });
    await labs.hostStop(ownLab(), 'docker1');
    await run(['ip', 'link', 'delete', layout.bridge]);
    const again = await labs.labUp({ stateDir: own, install: false, docker: false, hosts: 1 });
    expect(again.hosts).toEqual(hosts);
    expect(await on('docker1', 'systemctl is-active ssh', ownLab())).toBe('active');
  });

  it('two processes do not work on one lab at the same time', async () => {
    const { stateDir: folder } = fresh();
    const holder = spawn('sleep', ['60']);
    writeFileSync(join(folder, 'lab.lock'), String(holder.pid));
    await expect(labs.labUp({ stateDir: folder, hosts: 1, install: false })).rejects.toThrow(
      'another process',
    );
    holder.kill();
    await new Promise((resolve) => holder.on('close', resolve));
    await labs.labUp({ stateDir: folder, hosts: 1, install: false, docker: false });
    expect(existsSync(join(folder, 'lab.lock'))).toBe(false);
  });

  it.each([0, 245, Number.NaN])('%d hosts are refused', async (hosts) => {
    await expect(labs.labUp({ ...fresh(), hosts })).rejects.toThrow('1 to 244 hosts');
  });
});

/** Everything that a lab has made on this machine, by the names derived from its number. */
function traces(layout: LabLayout): string[] {
  const named = (folder: string) =>
    readdirSync(folder).filter((name) => new RegExp(`^${layout.prefix}[-h]`).test(name));
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return [
    ...['/sys/class/net', '/run/netns', '/run/systemd/nspawn', ...cgroupRoots()].flatMap(named),
    ...readdirSync(labsFolder).filter((name) => name === String(layout.number)),
    ...mounts.filter((line) => line.includes(`${layout.folder}/`)),
  ];
}
