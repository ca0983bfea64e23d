import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { expectAsBefore, expectExit, names, on, snapshots, stateDir, write } from './cli.ts';

const mesh = new URL('../../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;

/** A playbook for hosts that are already linked: one step that breaks something, and checks that must detect it. */
const sabotage = (steps: string, checks: string) => `
name: Sabotage
hosts: docker_hosts
overlays:
  lab: { cidr: 10.11.12.0/24, tunnel: gre, shape: full_mesh, subnet_prefix: 28 }
steps:
  - file: { path: /etc/meshbook-checks, content: "x\\n" }
${steps}
checks:
${checks}
`;
const ping = (mtu = '') =>
  `  - { name: Bridges, ping: { address: "{{ overlay.lab.bridge_address | ip }}", mtu: "{{ overlay.lab.mtu${mtu} }}" }, retry: 1 }`;
const protect = (value: boolean) =>
  `for p in $(ovs-vsctl list-ports ovs_bridge | grep ^lab-); do set -- "$@" -- set Port $p protected=${value}; done; ovs-vsctl --timeout=10 "$@"`;

interface Results {
  readonly checks: readonly {
    readonly name: string;
    readonly results: readonly {
      readonly source: string;
      readonly target?: string;
      readonly state: string;
    }[];
  }[];
}

async function results(exitCode: number, playbook: string): Promise<string[]> {
  const { stdout } = await expectExit(exitCode, 'check', '--json', playbook);
  return (JSON.parse(stdout) as Results).checks.flatMap(({ name, results: own }) =>
    own.map(({ source, target, state }) => `${name}: ${source} ${target ?? ''} ${state}`),
  );
}

describe.skipIf(stateDir === '').sequential('checks between hosts', () => {
  let untouched: Map<string, Snapshot>;
  let before: Map<string, Snapshot>;

  beforeAll(async () => {
    untouched = await snapshots();
    await expectExit(0, 'apply', mesh, '--yes');
    before = await snapshots();
  });
  afterAll(async () => {
    // Leaves no loop, whatever happened in the tests.
    await Promise.all(names.map((host) => on(host, `${protect(true)} 2>/dev/null || :`)));
    await expectExit(0, 'undo', '--last', '--yes', '--packages');
    await expectAsBefore(untouched);
  });

  it('pass on the mesh, and are reported in a line each', async () => {
    const { stdout } = await expectExit(0, 'check', mesh);
    expect(stdout).toBe(`✓ Bridges reach each other at full MTU (ping, 6 pairs)
✓ No broadcast loop (loop, 6 pairs)
2 checks: 12 passed.
`);
  });

  it('of every kind distinguish passed from failed', async () => {
    await Promise.all(names.map((host) => on(host, 'docker run -d --name web lab-web')));
    const web = await on('docker2', "docker inspect -f '{{.NetworkSettings.IPAddress}}' web");
    const playbook = write(
      'kinds.yml',
      sabotage(
        '',
        `${ping()}
${ping(' + 1').replace('Bridges', 'Too large')}
  - { name: Sampled, between: sample 2, ping: { address: "{{ overlay.lab.bridge_address | ip }}" } }
  - { name: One way, between: sample 1, loop: { interface: newbridge } }
  - { name: SSH, hosts: "docker1:docker2", between: neighbours, tcp: { address: "{{ overlay.lab.bridge_address | ip }}", port: 22 } }
  - { name: Closed, hosts: docker1, between: none, retry: 0, tcp: { address: 127.0.0.1, port: 1 } }
  - { name: Web, hosts: docker1, between: none, http: { url: "http://${web}/", contains: meshbook lab, container: web } }
  - { name: No page, hosts: docker1, between: none, retry: 0, http: { url: "http://${web}/nothing" } }
  - { name: No container, hosts: docker1, between: none, retry: 0, ping: { address: ${web}, container: nothing } }
  - { name: Command, command: { run: "test $(hostname) != docker3" } }
  - { name: No interface, hosts: "docker1:docker2", loop: { interface: nothing0 }, retry: 0 }`,
      ),
    );
    const told = await results(4, playbook);
    const of = (name: string) => told.filter((line) => line.startsWith(`${name}:`));
    await Promise.all(names.map((host) => on(host, 'docker rm -f web')));
    expect(of('Bridges').filter((line) => line.endsWith(' ok'))).toHaveLength(6);
    expect(of('Too large').filter((line) => line.endsWith(' failed'))).toHaveLength(6);
    expect(of('Sampled').filter((line) => line.endsWith(' ok'))).toHaveLength(2);
    expect(of('One way').map((line) => line.split(' ').at(-1))).toEqual(['ok']);
    expect(told.filter((line) => !/^(Bridges|Too large|Sampled|One way)/.test(line))).toEqual([
      'SSH: docker1 docker2 ok',
      'SSH: docker2 docker1 ok',
      'Closed: docker1  failed',
      'Web: docker1  ok',
      'No page: docker1  failed',
      'No container: docker1  failed',
      'Command: docker1  ok',
      'Command: docker2  ok',
      'Command: docker3  failed',
      'No interface: docker1 docker2 unknown',
      'No interface: docker2 docker1 unknown',
    ]);
  });

  it('detect one broken tunnel, name its ends, and undo the run everywhere', async () => {
    const step = `  - name: Another key at one end
    hosts: docker1
    command:
      run: ovs-vsctl --timeout=10 set Interface lab-docker2 options:key=7
      undo: ovs-vsctl --timeout=10 remove Interface lab-docker2 options key
      always: true`;
    const { stdout } = await expectExit(4, 'apply', '--yes', write('key.yml', sabotage(step, ping())));
    expect(stdout).toContain('Then 1 check, before it is confirmed\n   ▶ ping check Bridges');
    expect(stdout).toContain('a check failed: Bridges: docker1 → docker2');
    expect(stdout).toContain('a check failed: Bridges: docker2 → docker1');
    expect(stdout).not.toMatch(/docker[12] → docker3|docker3 → /);
    expect(stdout).toContain('3 hosts: 3 undone');
    await expectAsBefore(before);
  });

  it('undo the run even if the failing host has no changes', async () => {
    const step = `  - name: Only here
    hosts: docker1
    file: { path: /etc/meshbook-checks-2, content: "x\\n" }`;
    const playbook = sabotage(step, '  - { name: Well, command: { run: "test $(hostname) != docker3" } }')
      .split('\n')
      .filter((line) => !line.includes('path: /etc/meshbook-checks,'))
      .join('\n');
    const { stdout } = await expectExit(4, 'apply', '--yes', write('other.yml', playbook));
    expect(stdout).toContain('a check failed: Well: docker3');
    expect(stdout).toMatch(/docker1 +undone/);
    await expectAsBefore(before);
  });

  it('detect a loop, and the run that made it is undone', async () => {
    const step = `  - name: Ports that forward to each other
    command:
      run: ${JSON.stringify(protect(false))}
      undo: ${JSON.stringify(protect(true))}
      always: true`;
    const checks = `${ping()}\n  - { name: No loop, loop: { interface: newbridge } }`;
    const { stdout } = await expectExit(4, 'apply', '--yes', write('loop.yml', sabotage(step, checks)));
    expect(stdout).toMatch(/No loop: docker1/);
    expect(stdout).toContain('there is a loop');
    expect(stdout).toContain('3 hosts: 3 undone');
    await expectAsBefore(before);
    await expectExit(0, 'check', mesh);
  });
});
