import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import {
  expectAsBefore,
  expectExit,
  meshbook,
  on as onHost,
  plannedChanges,
  snapshots,
  stateDir,
  write,
} from './cli.ts';

const host = 'docker1';
const on = (script: string) => onHost(host, script);

const text = `
name: Containers on a bridge
hosts: ${host}
steps:
  - { name: Bridge, linux_bridge: { name: nic0, address: 10.46.0.1/24 } }
  - name: Web
    container_nic: { container: nicweb, name: eth0, address: 172.17.200.5/16, gateway: 172.17.0.1, bridge: docker0 }
  - name: Database
    container_nic: { container: nicdb, address: 10.46.0.6/24, bridge: nic0, mtu: 1400 }
`;

const runWeb = 'docker run -d --name nicweb --network none --init lab-web >/dev/null';
const inside = (container: string, command: string) =>
  `nsenter -t "$(docker inspect -f '{{.State.Pid}}' ${container})" -n ${command}`;
const ping = (address: string) => `ping -c 1 -W 2 ${address} >/dev/null`;
/** Numbers of interfaces change with each start of a container. */
const linksOf = (container: string) =>
  on(`${inside(container, 'ip -o address show')} | awk '{ print $2, $4 }'`);

describe.skipIf(stateDir === '').sequential('container_nic on a real host', () => {
  let before: Map<string, Snapshot>;
  let links: readonly string[];
  const playbook = write('nic.yml', text);

  beforeAll(async () => {
    await on(`${runWeb}; docker run -d --name nicdb --init lab-web >/dev/null`);
    before = await snapshots([host]);
    links = [await linksOf('nicweb'), await linksOf('nicdb')];
  });
  afterAll(() => on('docker rm -f nicweb nicdb >/dev/null'));

  const expectAllAsBefore = async () => {
    await expectAsBefore(before);
    expect([await linksOf('nicweb'), await linksOf('nicdb')]).toEqual(links);
  };
  const reachable = async () => {
    await on(ping('172.17.200.5'));
    await on(ping('10.46.0.6'));
    await on(inside('nicdb', ping('172.17.200.5')));
    const neighbour = await on("docker inspect -f '{{.NetworkSettings.IPAddress}}' nicdb");
    await on(inside('nicweb', ping(neighbour)));
  };

  it('is planned without a change on the host', async () => {
    expect(await plannedChanges(playbook)).toContain(`${host}: create veth pair nicweb-eth0`);
    await expectAllAsBefore();
  });

  it('gives containers interfaces that the host and neighbours reach', async () => {
    await expectExit(0, 'apply', playbook, '--yes');
    await reachable();
    expect(await on(inside('nicweb', 'ip route show default'))).toMatch(
      /^default via 172\.17\.0\.1 dev eth0/,
    );
    expect(await on(inside('nicdb', 'ip route show default'))).toContain('dev eth0');
    expect(await on(inside('nicdb', 'ip link show eth1'))).toContain('mtu 1400');
    expect(await plannedChanges(playbook)).toEqual([]);
  });

  it('is missing after a restart of the container, and the next apply makes it again', async () => {
    const mac = await on(inside('nicweb', 'ip link show eth0'));
    await on('docker restart -t 0 nicweb >/dev/null');
    const { stdout } = await expectExit(2, 'drift', playbook);
    expect(stdout).toContain('link nicweb-eth0 is missing');
    expect(stdout).toContain('container nicweb address 172.17.200.5/16 on eth0');
    await expectExit(0, 'apply', playbook, '--yes');
    await reachable();
    const again = await on(inside('nicweb', 'ip link show eth0'));
    const macOf = (shown: string) => /link\/ether (\S+)/.exec(shown)?.[1];
    expect(macOf(again)).toBe(macOf(mac));
    expect((await expectExit(0, 'drift', playbook)).stdout).toContain('No drift');
  });

  it('changes an address, and an undo of that alone brings the old one back', async () => {
    const other = write(
      'nic.yml',
      text.replace('172.17.200.5', '172.17.200.7').replace('gateway: 172.17.0.1, ', ''),
    );
    await expectExit(0, 'apply', other, '--yes');
    await on(ping('172.17.200.7'));
    expect(await on(inside('nicweb', 'ip route show default'))).toBe('');
    await expectExit(0, 'undo', '--last', '--yes');
    await reachable();
    write('nic.yml', text);
    expect(await plannedChanges(playbook)).toEqual([]);
  });

  it('is taken away by a step, whose undo brings all of it back', async () => {
    const absent = write(
      'absent.yml',
      `hosts: ${host}\nsteps:\n  - container_nic: { container: nicweb, name: eth0, state: absent }\n`,
    );
    await expectExit(0, 'apply', absent, '--yes');
    expect(await linksOf('nicweb')).toBe(links[0]);
    await expectExit(0, 'undo', '--last', '--yes');
    await reachable();
    expect(await plannedChanges(playbook)).toEqual([]);
  });

  it('is undone, run by run', async () => {
    await expectExit(0, 'undo', '--last', '--yes');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAllAsBefore();
  });

  it('is not left to undo where the container is gone, and another of its name keeps its own', async () => {
    await expectExit(0, 'apply', playbook, '--yes');
    await on(`docker rm -f nicweb >/dev/null; ${runWeb}
ip link add nicweb-eth0 type veth peer name eth0 netns "$(docker inspect -f '{{.State.Pid}}' nicweb)"`);
    const { stdout } = await expectExit(0, 'undo', '--last', '--yes', '--force');
    expect(stdout).not.toMatch(/failed/);
    expect(await on(inside('nicweb', 'ip -o link show eth0'))).toContain('eth0@if');
    await on('ip link delete nicweb-eth0');
    await expectAllAsBefore();
    await expectExit(0, 'apply', playbook, '--yes');
    await on('docker rm -f nicweb >/dev/null');
    expect((await expectExit(0, 'undo', '--last', '--yes')).stdout).not.toMatch(/failed|conflict/i);
    await on(runWeb);
    await expectAllAsBefore();
  });

  it('starts no Docker to make a plan, and tells of a container that does not run', async () => {
    await on('docker stop -t 0 nicweb >/dev/null');
    const stopped = await meshbook('plan', playbook);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toContain('container nicweb is not running');
    await on('systemctl stop docker.service; systemctl start docker.socket');
    const without = await meshbook('plan', playbook);
    expect(without.exitCode).toBe(1);
    expect(without.stderr).toContain('Docker is not running on the host');
    expect(await on('systemctl is-active docker.service || :')).toBe('inactive');
    await on('systemctl start docker.service; docker start nicweb nicdb >/dev/null');
  });
});
