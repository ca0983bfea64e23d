import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { heardWhile } from './broadcasts.ts';
import { expectAsBefore, expectExit, meshbook, names, on, snapshots, stateDir, write } from './cli.ts';

const shipped = (name: string) => new URL(`../../playbooks/${name}.yml`, import.meta.url).pathname;

/**
 * Two overlays of one tunnel type over the same hosts; if both link two hosts, only the keys distinguish their
 * tunnels.
 */
const two = `
name: A hub and links of their own
hosts: docker_hosts
overlays:
  star: { cidr: 10.21.0.0/24, tunnel: gre, key: 7, hub: docker2, subnet_prefix: 28 }
  bent: { cidr: 10.22.0.0/24, tunnel: gre, key: 9, links: [[docker2, docker1], [docker1, docker3]], subnet_prefix: 28 }
steps:
${['star', 'bent']
  .map(
    (name) => `  - ovs_bridge: { name: ovs_${name}, datapath: netdev }
  - linux_bridge: { name: br_${name}, address: "{{ overlay.${name}.bridge_address }}", members: [ovs_${name}] }
  - ovs_tunnels: { bridge: ovs_${name}, overlay: ${name} }`,
  )
  .join('\n')}
checks:
${['star', 'bent']
  .map(
    (
      name,
    ) => `  - { name: All of ${name}, ping: { address: "{{ overlay.${name}.bridge_address | ip }}", mtu: "{{ overlay.${name}.mtu }}" } }
  - { name: Linked in ${name}, between: neighbours, ping: { address: "{{ overlay.${name}.bridge_address | ip }}" } }
  - { name: No loop in ${name}, loop: { interface: br_${name} } }`,
  )
  .join('\n')}
`;

const tunnelsOf = async (host: string, bridge: string) =>
  (await on(host, `ovs-vsctl list-ports ${bridge}`)).split('\n').sort();

describe.skipIf(stateDir === '').sequential('overlays with other shapes than a full mesh', () => {
  let before: Map<string, Snapshot>;

  beforeAll(async () => {
    before = await snapshots();
  });
  afterAll(async () => {
    await Promise.all(names.map((host) => on(host, 'docker rm -f web >/dev/null 2>&1 || :')));
    // Undoes what a failed test has left; otherwise there is nothing to undo.
    while ((await meshbook('undo', '--last', '--yes', '--packages', '--force')).exitCode === 0);
  });

  const undone = async () => {
    const { stdout } = await expectExit(0, 'undo', '--last', '--yes', '--packages');
    expect(stdout).toContain('3 hosts: 3 undone');
    await expectAsBefore(before);
  };

  it('a chain over VXLAN: containers at its ends reach each other through the middle', async () => {
    const playbook = shipped('vxlan-chain');
    await expectExit(0, 'apply', playbook, '--yes');
    expect(await Promise.all(names.map((host) => tunnelsOf(host, 'ovs_bridge')))).toEqual([
      ['lab-docker2'],
      ['lab-docker1', 'lab-docker3'],
      ['lab-docker2'],
    ]);
    await Promise.all(names.map((host) => on(host, 'docker run -d --name web lab-web')));
    const far = await on('docker3', "docker inspect -f '{{.NetworkSettings.IPAddress}}' web");
    const fetch = `docker exec web timeout 10 wget -q -O - http://${far}/`;
    expect(await on('docker1', fetch)).toContain('meshbook lab');
    // 1500 minus 50 for VXLAN is 1450, minus 28 for IP and ICMP is 1422: that fits, and not one byte more.
    const ping = (bytes: number) =>
      `nsenter --net=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' web) ping -c 1 -W 2 -M do -s ${bytes} ${far}`;
    expect(await on('docker1', ping(1422))).toContain(' 0% packet loss');
    expect(await on('docker1', `if ${ping(1423)}; then echo fits; fi 2>&1`)).not.toContain('fits');
    await Promise.all(names.map((host) => on(host, 'docker rm -f web')));

    expect((await expectExit(0, 'plan', playbook, '--detailed-exitcode')).stdout).toContain('No changes.');
    expect((await expectExit(0, 'check', playbook)).stdout).toContain('2 checks: 12 passed.');
    await undone();
  });

  it('a chain becomes a ring, its ends before the middle, without a loop in between', async () => {
    await expectExit(0, 'apply', shipped('vxlan-chain'), '--yes');
    const ring = shipped('vxlan-ring');
    const counts = await heardWhile(150, async () => {
      await expectExit(0, 'apply', ring, '--yes', '--limit', 'docker1,docker3', '--allow-one-sided');
      const { stdout } = await expectExit(0, 'apply', ring, '--yes');
      expect(stdout).not.toContain('loop-while-changing');
    });
    for (const count of counts) expect(count).toBeLessThanOrEqual(3 * 150 + 40);
    expect((await expectExit(0, 'check', ring)).stdout).toContain('2 checks: 12 passed.');
    for (let run = 0; run < 2; run++) await expectExit(0, 'undo', '--last', '--yes');
    await undone();
  });

  it('a hub and links between the same hosts at once, distinguished by their keys', async () => {
    const playbook = write('two.yml', two);
    await expectExit(0, 'apply', playbook, '--yes');
    expect(await Promise.all(names.map((host) => tunnelsOf(host, 'ovs_star')))).toEqual([
      ['star-docker2'],
      ['star-docker1', 'star-docker3'],
      ['star-docker2'],
    ]);
    expect(await Promise.all(names.map((host) => tunnelsOf(host, 'ovs_bent')))).toEqual([
      ['bent-docker2', 'bent-docker3'],
      ['bent-docker1'],
      ['bent-docker1'],
    ]);
    expect((await expectExit(0, 'plan', playbook, '--detailed-exitcode')).stdout).toContain('No changes.');
    // Each has two pairs of neighbours, in both directions; where the overlays differ, the pairs of one are not the
    // other's.
    const { stdout } = await expectExit(0, 'check', playbook);
    expect(stdout).toMatch(/All of star \(ping, 6 pairs\)/);
    expect(stdout).toMatch(/No loop in bent \(loop, 6 pairs\)/);

    // Frames of one overlay don't leave through the other, although both have a tunnel between these two.
    const mac = await on('docker1', 'cat /sys/class/net/br_star/address');
    const star = await on('docker2', 'ip -4 -o addr show br_star | sed "s/.*inet //; s/[/].*//"');
    await on('docker1', `ping -c 1 -W 5 ${star}`);
    expect(await on('docker2', 'ovs-appctl fdb/show ovs_star')).toContain(mac);
    expect(await on('docker2', 'ovs-appctl fdb/show ovs_bent')).not.toContain(mac);
    await undone();
  });

  it('refuses two overlays that would form a loop on one bridge before it connects', async () => {
    const loop = two.replaceAll('ovs_bent', 'ovs_star').replaceAll('br_bent', 'br_star');
    const { exitCode, stderr } = await meshbook('apply', write('loop.yml', loop), '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('bridge-loop');
    await expectAsBefore(before);
  });
});
