import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import {
  expectAsBefore,
  expectExit,
  meshbook,
  names,
  on,
  plannedChanges,
  snapshots,
  stateDir,
} from './cli.ts';

const playbook = new URL('../../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;
const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));

// The main job as a user does it: each test continues where the previous one ended.
describe.skipIf(stateDir === '').sequential('Docker hosts joined by GRE', () => {
  let before: Map<string, Snapshot>;
  let old: string[];

  beforeAll(async () => {
    await Promise.all(names.map((host) => on(host, 'apt-get -q -y purge bridge-utils >/dev/null')));
    // A container that ran before and must survive everything.
    old = await Promise.all(names.map((host) => on(host, 'docker run -d --name old lab-web')));
    before = await snapshots();
  });
  afterAll(async () => {
    await Promise.all(names.map((host) => on(host, 'docker rm -f old web >/dev/null 2>&1 || :')));
  });

  const address = (host: string, container: string) =>
    on(host, `docker inspect -f '{{.NetworkSettings.IPAddress}}' ${container}`);

  it('shows the plan and writes nothing', async () => {
    // Everything that a run keeps on a host is in one folder.
    const kept = () =>
      Promise.all(names.map((host) => on(host, 'find /var/lib/meshbook -ls 2>/dev/null || :')));
    const keptBefore = await kept();
    const { stdout } = await expectExit(2, 'plan', playbook, '--detailed-exitcode');
    expect(stdout).toMatch(/Plan: 3 hosts: 2\d changes/);
    expect(stdout).toContain('restarts Docker');
    await expectAsBefore(before);
    expect(await kept()).toEqual(keptBefore);
  });

  it('refuses to apply without a terminal or --yes', async () => {
    const { stderr } = await expectExit(1, 'apply', playbook);
    expect(stderr).toContain('--yes');
    await expectAsBefore(before);
  });

  it('applies, and every host is verified', async () => {
    const { stdout } = await expectExit(0, 'apply', playbook, '--yes');
    expect(stdout).toContain('3 hosts: 3 changed');
  });

  it('has restarted the containers that the restart of Docker had stopped', async () => {
    for (const [index, host] of names.entries()) {
      expect(await on(host, 'docker inspect -f "{{.Id}} {{.State.Running}}" old')).toBe(`${old[index]} true`);
    }
  });

  it('connects containers of every pair of hosts, at full MTU', async () => {
    await Promise.all(names.map((host) => on(host, 'docker run -d --name web lab-web')));
    for (const [from, to] of pairs) {
      const peer = await address(to, 'web');
      expect(await on(from, `docker exec web timeout 10 wget -q -O - http://${peer}/`)).toContain(
        'meshbook lab',
      );
      // 1500 minus 38 for GRE is 1462, minus 28 for IP and ICMP is 1434: that fits, and not one byte more.
      const ping = (bytes: number) =>
        `nsenter --net=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' web) ping -c 1 -W 2 -M do -s ${bytes} ${peer}`;
      expect(await on(from, ping(1434))).toContain(' 0% packet loss');
      expect(await on(from, `if ${ping(1435)}; then echo fits; fi 2>&1`)).not.toContain('fits');
    }
  });

  it('survives a restart of the network service, with containers on the bridge', async () => {
    const peer = await address('docker2', 'web');
    await on('docker3', 'systemctl restart networking');
    expect(await on('docker3', `docker exec web timeout 10 wget -q -O - http://${peer}/`)).toContain(
      'meshbook lab',
    );
  });

  it('has nothing more to do, and says so', async () => {
    const plan = await expectExit(0, 'plan', playbook, '--detailed-exitcode');
    expect(plan.stdout).toContain('No changes.');
    const again = await expectExit(0, 'apply', playbook, '--yes');
    expect(again.stdout).toContain('No changes.');
    const runs = JSON.parse((await meshbook('runs', '--json')).stdout) as unknown[];
    expect(runs).toHaveLength(1);
  });

  it('finds exactly what was changed by hand, and repairs it', async () => {
    await on('docker1', 'ovs-vsctl set Interface lab-docker2 options:remote_ip=10.98.0.99');
    await on('docker2', 'sed -i s/1462/1400/ /etc/network/interfaces.d/newbridge');
    await on(
      'docker3',
      'f=/etc/systemd/system/docker.service.d/zz-meshbook.conf; sed -i s/--mtu=1462/--mtu=1300/ $f; systemctl daemon-reload; systemctl restart docker; docker start old web',
    );
    expect(await plannedChanges(playbook)).toEqual([
      'docker1: update OVS ports ovs_bridge',
      'docker2: update file /etc/network/interfaces.d/newbridge',
      'docker3: update file /etc/systemd/system/docker.service.d/zz-meshbook.conf',
      'docker3: update Docker daemon docker.service',
    ]);
    await expectExit(0, 'apply', playbook, '--yes');
    expect(await plannedChanges(playbook)).toEqual([]);
    expect(await on('docker1', 'ovs-vsctl get Interface lab-docker2 options:remote_ip')).toMatch(
      /10\.98\.\d+\.12/,
    );
  });

  it('undoes both runs, and every host is as it was before', async () => {
    await Promise.all(names.map((host) => on(host, 'docker rm -f web')));
    await expectExit(0, 'undo', '--last', '--yes');
    // The undo of the second run has restored the changes by hand, which differ from what the first one left.
    const { stdout } = await expectExit(0, 'undo', '--last', '--yes', '--packages', '--force');
    expect(stdout).toContain('3 hosts: 3 undone');
    await expectAsBefore(before);
    for (const [index, host] of names.entries()) {
      expect(await on(host, 'docker inspect -f "{{.Id}} {{.State.Running}}" old')).toBe(`${old[index]} true`);
      expect(await on(host, 'dpkg -l bridge-utils 2>/dev/null | grep ^ii || echo gone')).toBe('gone');
    }
    const { stderr } = await expectExit(1, 'undo', '--last', '--yes');
    expect(stderr).toContain('no run left to undo');
  });
});
