import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import type { DriftJson } from '../../src/report/drift/drift-json.ts';
import { expectAsBefore, expectExit, names, on, snapshots, stateDir, write } from './cli.ts';

const text = (overlays: string, steps: string) => `
name: What drifts
hosts: docker_hosts
overlays:
  lab: { cidr: 10.44.0.0/24, tunnel: gre, key: 44, subnet_prefix: 28 }
${overlays}
steps:
  - { name: Tunnel bridge, ovs_bridge: { name: drift0, datapath: netdev } }
  - { name: Bridge, linux_bridge: { name: drift1, address: "{{ overlay.lab.bridge_address }}", members: [drift0] } }
  - { name: Tunnels, ovs_tunnels: { bridge: drift0, overlay: lab } }
  - { name: A file, file: { path: /etc/drift-note, content: "noted\\n" } }
  - { name: It runs, service: { name: drift-unit, state: started } }
  - { name: A secret, file: { path: /etc/drift-key, content: "hunter2-{{ host.name }}", mode: "0600", secret: true } }
${steps}
`;
const spare = '  spare: { cidr: 10.45.0.0/24, tunnel: gre, key: 45, subnet_prefix: 28 }';

describe.skipIf(stateDir === '').sequential('drift', () => {
  let before: Map<string, Snapshot>;
  let playbook: string;
  let run: string;

  beforeAll(async () => {
    // Nothing of meshbook's: a unit that exists anyway.
    const unit =
      'printf "[Service]\\nExecStart=/bin/sleep infinity\\n" >/run/systemd/system/drift-unit.service';
    await Promise.all(names.map((host) => on(host, `${unit}; systemctl daemon-reload`)));
    before = await snapshots();
    playbook = write(
      'drift.yml',
      text(
        spare,
        `  - { name: Another, ovs_bridge: { name: drift2, datapath: netdev } }
  - { name: More, ovs_tunnels: { bridge: drift2, overlay: spare } }`,
      ),
    );
  });
  afterAll(async () => {
    await on('docker1', 'ovs-vsctl --timeout=10 --if-exists del-port mine');
    await expectExit(0, 'undo', '--last', '--yes', '--force');
    await expectExit(0, 'undo', '--last', '--yes', '--force');
    await expectAsBefore(before);
    const remove = 'rm /run/systemd/system/drift-unit.service; systemctl daemon-reload';
    await Promise.all(names.map((host) => on(host, remove)));
  });

  const differences = async () => {
    const { stdout } = await expectExit(2, 'drift', playbook, '--json');
    const { hosts } = JSON.parse(stdout) as {
      hosts: Record<
        string,
        { differences: { part: string; owner: { by: string; run?: string; changed_since?: boolean } }[] }
      >;
    };
    return Object.entries(hosts).flatMap(([host, { differences: own }]) =>
      own.map(({ part, owner }) => [host, part, owner.by, owner.run, owner.changed_since]),
    );
  };

  it('is everything that there is to do before the first run, and nobody owns it', async () => {
    const { stdout } = await expectExit(2, 'drift', playbook, '--limit', 'docker1');
    expect(stdout).toContain('OVS bridge drift0 is missing');
    expect(stdout).toContain('no run that this controller knows has ever set it');
    await expectAsBefore(before);
  });

  it('is nothing after a run', async () => {
    const { stdout } = await expectExit(0, 'apply', playbook, '--yes');
    run = /Run (\S+):/.exec(stdout)?.[1] ?? '';
    expect((await expectExit(0, 'drift', playbook)).stdout).toBe('No drift on 3 hosts.\n');
    expect((await expectExit(0, 'drift', playbook, '--quiet')).stdout).toBe('');
  });

  it('names every part that someone has changed, and the run that had set it', async () => {
    await on(
      'docker1',
      `ovs-vsctl --timeout=10 set Interface lab-docker2 options:remote_ip=192.0.2.99
ovs-vsctl --timeout=10 add-port drift0 mine -- set Interface mine type=internal
systemctl stop drift-unit`,
    );
    await on('docker2', 'ip address del 10.44.0.2/24 dev drift1; printf other >/etc/drift-key');
    await on(
      'docker3',
      'ovs-vsctl --timeout=10 del-port lab-docker1; chmod 0644 /etc/drift-key; echo >>/etc/drift-note',
    );
    const changed = (host: string, part: string) => [host, part, 'run', run, true];
    expect(await differences()).toEqual([
      changed('docker1', 'OVS port lab-docker2 options:remote_ip'),
      changed('docker1', 'unit drift-unit.service'),
      changed('docker2', 'address 10.44.0.2/24 on drift1'),
      changed('docker2', 'file /etc/drift-key'),
      changed('docker3', 'OVS port lab-docker1'),
      changed('docker3', 'file /etc/drift-note'),
      changed('docker3', 'file /etc/drift-key mode'),
    ]);
    const { stdout } = await expectExit(2, 'drift', playbook, '--diff');
    expect(stdout).toContain(
      "Not meshbook's, and left alone\n   · OVS port mine, internal on drift0  on docker1\n",
    );
    expect(stdout).toContain(`run ${run} (`);
    expect(stdout).not.toContain('hunter2');
    // The same from saved facts, which contain nothing of the secret.
    const facts = write('facts', '').replace(/facts$/, 'stored');
    await expectExit(0, 'facts', playbook, '--output', facts);
    const offline = await expectExit(2, 'drift', playbook, '--facts', facts);
    expect(offline.stdout).toContain('OVS port lab-docker1 is missing  on docker3');
    expect(offline.stdout).toContain('6. A secret (file): ');
  });

  it('is gone after the next apply, which leaves alone what is not ours', async () => {
    await expectExit(0, 'apply', playbook, '--yes');
    expect((await expectExit(0, 'drift', playbook)).stdout).toContain('\nNo drift on 3 hosts.\n');
    expect(await on('docker1', 'ovs-vsctl --timeout=10 port-to-br mine')).toBe('drift0');
  });

  it('includes what a removed step made', async () => {
    write('drift.yml', text('', ''));
    const { stdout } = await expectExit(2, 'drift', playbook, '--json');
    const json = JSON.parse(stdout) as DriftJson & {
      hosts: Record<string, { left_over: { part: string; certain: boolean; owner: { run: string } }[] }>;
    };
    expect(json.summary).toMatchObject({ drifted: 3, differences: 0, left_over: 9 });
    expect(json.hosts.docker1?.left_over.at(-1)).toMatchObject({
      part: 'OVS bridge drift2',
      certain: true,
      owner: { by: 'run', run },
    });
  });

  it('is not certain about its owner without a recorded run', async () => {
    const { stdout } = await expectExit(
      0,
      'drift',
      playbook,
      '--state-dir',
      write('none', '').replace(/none$/, 'empty'),
    );
    expect(stdout).toContain('Perhaps left over, or of another playbook');
    expect(stdout).toContain('\nNo drift on 3 hosts.\n');
    // Hosts keep the runs of other tests, too, while they are in force.
    const [, unrecorded] = stdout.split('\nRuns that the hosts keep and this controller has no record of\n');
    expect(unrecorded).toContain(`   · ${run} of `);
  });
});
