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
  write,
} from './cli.ts';

const playbook = new URL('../../playbooks/compose-mesh.yml', import.meta.url).pathname;
const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));

// Each test goes on where the one before it ended.
describe.skipIf(stateDir === '').sequential('one Docker network over all hosts', () => {
  let before: Map<string, Snapshot>;
  let old: string[];

  beforeAll(async () => {
    // A container on the default network, which must not notice anything.
    old = await Promise.all(names.map((host) => on(host, 'docker run -d --name old --init lab-web')));
    before = await snapshots();
  });
  afterAll(async () => {
    await Promise.all(names.map((host) => on(host, 'docker rm -f old web later shop >/dev/null 2>&1 || :')));
    // What a test that failed has left; otherwise there is nothing to undo.
    while ((await meshbook('undo', '--last', '--yes', '--packages', '--force')).exitCode === 0);
  });

  const everywhere = (script: string) => Promise.all(names.map((host) => on(host, script)));
  const address = (host: string, container: string) =>
    on(host, `docker inspect -f '{{.NetworkSettings.Networks.mesh.IPAddress}}' ${container}`);
  const reach = async (from: string, container: string, to: string) =>
    expect(await on(from, `docker exec ${container} timeout 10 wget -q -O - http://${to}/`)).toContain(
      'meshbook lab',
    );

  it('applies without a restart of Docker', async () => {
    const started = await everywhere("docker inspect -f '{{.State.StartedAt}}' old");
    const { stdout } = await expectExit(0, 'apply', playbook, '--yes');
    expect(stdout).toContain('3 hosts: 3 changed');
    expect(await everywhere("docker inspect -f '{{.State.StartedAt}}' old")).toEqual(started);
  });

  it('joins containers of every pair of hosts by their addresses, at full MTU', async () => {
    await everywhere('docker run -d --name web --init --network mesh --network-alias shop lab-web');
    const addresses = await Promise.all(names.map((host) => address(host, 'web')));
    expect(new Set(addresses).size).toBe(3);
    for (const [from, to] of pairs) {
      const peer = addresses[names.indexOf(to)] ?? '';
      await reach(from, 'web', peer);
      // 1500 less 38 for GRE is 1462, less 28 for IP and ICMP is 1434: that fits, and no byte more.
      const ping = (bytes: number) =>
        `nsenter --net=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' web) ping -c 1 -W 2 -M do -s ${bytes} ${peer}`;
      expect(await on(from, ping(1434))).toContain(' 0% packet loss');
      expect(await on(from, `if ${ping(1435)}; then echo fits; fi 2>&1`)).not.toContain('fits');
    }
    // The default gateway is the host's own bridge.
    expect(await on('docker2', 'docker exec web ip route')).toContain('default via 10.11.12.');
  });

  it('has nothing more to do, and says so', async () => {
    expect((await expectExit(0, 'plan', playbook, '--detailed-exitcode')).stdout).toContain('No changes.');
    expect((await expectExit(0, 'drift', playbook)).exitCode).toBe(0);
  });

  it('lets Docker and the network service be restarted', async () => {
    await everywhere('systemctl restart docker; docker start old web; systemctl restart networking');
    await reach('docker1', 'web', await address('docker3', 'web'));
    expect((await expectExit(0, 'plan', playbook, '--detailed-exitcode')).stdout).toContain('No changes.');
  });

  it('makes the network anew with its containers, stopped ones too, and undoes that', async () => {
    await on('docker1', 'docker create --name later --network mesh --network-alias depot lab-web');
    const ids = await on('docker1', "docker inspect -f '{{.Id}}' web later");
    // Without the beginnings of ids, which Docker adds by itself.
    const aliases = async () =>
      (
        await on(
          'docker1',
          "docker inspect -f '{{range .NetworkSettings.Networks.mesh.Aliases}}{{.}} {{end}}' web later",
        )
      ).replaceAll(/ [0-9a-f]{12}/g, '');
    const shown = await aliases();
    expect(shown.split(/\s+/)).toEqual(['shop', 'depot']);
    const text = `hosts: docker1
steps:
  - docker_network: { name: mesh, bridge: newbridge, ip_range: 10.11.12.128/25, subnet: 10.11.12.0/24, mtu: 1400 }
`;
    const other = write('anew.yml', text);
    const plan = await expectExit(0, 'plan', other);
    expect(plan.stdout).toMatch(/containers that are disconnected and connected again.*web/);
    expect(plan.stdout).toMatch(/stopped containers that are disconnected and connected again.*later/);
    await expectExit(0, 'apply', other, '--yes');
    expect(await address('docker1', 'web')).toMatch(/^10\.11\.12\.1(2[89]|3)/);
    expect(await aliases()).toBe(shown);
    expect(await plannedChanges(other)).toEqual([]);
    await on('docker1', 'docker start later');
    await reach('docker1', 'later', await address('docker2', 'web'));
    await on('docker1', 'docker stop -t 1 later');

    await expectExit(0, 'undo', '--last', '--yes');
    expect(await on('docker1', "docker inspect -f '{{.Id}}' web later")).toBe(ids);
    expect(await aliases()).toBe(shown);
    expect(await plannedChanges(playbook)).toEqual([]);
    await reach('docker2', 'web', await address('docker1', 'web'));
    await on('docker1', 'docker rm later');
  });

  it('leaves a network with containers alone, and refuses to remove it', async () => {
    // Nobody says yes.
    const { stdout } = await expectExit(1, 'undo', '--last');
    expect(stdout).toMatch(/left alone[\s\S]*create Docker network mesh\n.*container web/);
    const absent = write(
      'absent.yml',
      'hosts: all\nsteps: [{ docker_network: { name: mesh, state: absent } }]\n',
    );
    const refused = await expectExit(1, 'plan', absent);
    expect(refused.stderr).toContain('docker-network-in-use');
  });

  it('leaves the network of somebody else alone', async () => {
    await on('docker1', 'docker network create --subnet 10.77.0.0/24 theirs');
    const text = 'hosts: docker1\nsteps: [{ docker_network: { name: theirs, bridge: newbridge } }]\n';
    expect((await expectExit(1, 'plan', write('theirs.yml', text))).stderr).toContain('docker-bridge-taken');
    await on('docker1', 'docker network rm theirs');
  });

  it('undoes, and every host is as it was before', async () => {
    await everywhere('docker rm -f web');
    const { stdout } = await expectExit(0, 'undo', '--last', '--yes', '--packages');
    expect(stdout).toContain('3 hosts: 3 undone');
    await expectAsBefore(before);
    expect(await everywhere("docker inspect -f '{{.Id}}' old")).toEqual(old);
  });
});
