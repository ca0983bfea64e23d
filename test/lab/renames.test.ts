import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { expectAsBefore, expectExit, lab, names, on, snapshots, stateDir, write } from './cli.ts';

const recipe = new URL('../../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;

// One mesh whose numbers and names change; each test continues where the previous one ended.
describe.skipIf(stateDir === '').sequential('a mesh that is renumbered and renamed', () => {
  let clean: Map<string, Snapshot>;
  let meshed: Map<string, Snapshot>;
  let text: string;
  let playbook: string;
  let inventory: string;

  const leases = async () => JSON.parse(await readFile(inventory.replace('.yml', '.leases.json'), 'utf8'));
  const run = (exitCode: number, command: string, ...args: string[]) =>
    expectExit(exitCode, command, playbook, '-i', inventory, ...args);
  const isEmpty = async () =>
    expect((await run(0, 'plan', '--detailed-exitcode')).stdout).toContain('No changes.');

  beforeAll(async () => {
    clean = await snapshots();
    text = await readFile(recipe, 'utf8');
    const { hosts, key, knownHosts } = lab();
    const lines = hosts.map(
      ({ name, address, underlayAddress }) =>
        `      ${name}: { address: ${address}, underlay_address: ${underlayAddress} }`,
    );
    // With leases of its own.
    inventory = write(
      'renames.yml',
      `groups:
  docker_hosts:
    vars: { ovs_datapath: netdev }
    hosts:
${lines.join('\n')}
ssh: { user: root, identity_file: ${key}, known_hosts: ${knownHosts} }
`,
    );
    playbook = write('mesh.yml', text);
    await run(0, 'apply', '--yes');
    // Someone's address in the network of the bridge's own.
    await on('docker3', 'ip address add 10.11.12.14/24 dev newbridge');
    await on('docker2', 'docker run -d --name renamed lab-web sleep 1000');
    meshed = await snapshots();
  });
  afterAll(async () => {
    await on('docker2', 'docker rm -f renamed');
    await on('docker3', 'ip address del 10.11.12.14/24 dev newbridge 2>/dev/null || :');
    await expectExit(0, 'undo', '--last', '--yes', '--packages');
    await expectAsBefore(clean);
  });

  it('gets new addresses in place of the old ones, which leases record', async () => {
    write('mesh.yml', text.replace('10.11.12.0/24', '10.20.0.0/24'));
    // Like a controller without a record of the run.
    const nowhere = write('none', '').replace(/none$/, 'elsewhere');
    const { stdout } = await run(0, 'plan', '--state-dir', nowhere);
    expect(stdout).toMatch(/- address newbridge {2}on all 3 hosts\n[^\n]*\n {7}docker1 {2}10\.11\.12\.1\/24/);
    await run(0, 'apply', '--yes');
    expect((await leases()).overlays.lab.docker1).toMatchObject({
      bridge_address: '10.20.0.1',
      replaced: ['10.11.12.1'],
    });
    await isEmpty();
    expect(await on('docker2', 'docker exec renamed ip -4 address show dev eth0')).toContain(' 10.20.0.');
    expect(await on('docker3', 'ip -4 -o address show dev newbridge')).toContain(' 10.11.12.14/24 ');
  });

  it('is numbered as before after the undo', async () => {
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(meshed);
    write('mesh.yml', text);
    await run(0, 'apply', '--yes');
  });

  it('refuses a renamed bridge while the old one keeps the address, and says what helps', async () => {
    await on('docker3', 'ip address del 10.11.12.14/24 dev newbridge');
    meshed = await snapshots();
    write('mesh.yml', text.replaceAll('newbridge', 'meshbr'));
    const { stderr } = await run(1, 'apply', '--yes');
    expect(stderr).toContain('newbridge keeps the address that a step gives to meshbr');
    expect(stderr).toContain('no step names it any more: --prune removes it');
    await expectAsBefore(meshed);
  });

  it('moves to the renamed bridge with --prune, including containers, also with a saved plan', async () => {
    const saved = write('renamed', '').replace(/renamed$/, 'renamed.plan');
    const { stdout } = await run(0, 'plan', '--prune', '-o', saved);
    expect(stdout).toContain('Left over from earlier runs of this playbook, taken away\n   - file ');
    await expectExit(0, 'apply', saved, '-i', inventory);
    await isEmpty();
    expect((await run(0, 'drift')).stdout).toBe('No drift on 3 hosts.\n');
    await Promise.all(
      names.map((host) =>
        on(
          host,
          '! ip link show newbridge 2>/dev/null; ! ls /etc/network/interfaces.d/newbridge 2>/dev/null',
        ),
      ),
    );
    expect(await on('docker2', 'docker exec renamed ip -4 address show dev eth0')).toContain(' 10.11.12.');
  });

  it('is on the old bridge again after the undo', async () => {
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(meshed);
  });

  it('leaves a renamed bridge that someone has changed without the address that Docker remembers', async () => {
    await run(0, 'apply', '--yes', '--prune');
    await on('docker2', 'ip link set meshbr mtu 1400');
    await expectExit(4, 'undo', '--last', '--yes');
    expect(await on('docker2', 'ip -4 -o address show dev meshbr')).toBe('');
    await expectExit(0, 'undo', '--last', '--yes', '--force');
    await expectAsBefore(meshed);
  });

  it("removes an address that a step gave, but not someone's secondary one", async () => {
    const plain = (address: string) =>
      write(
        'plain.yml',
        `hosts: docker1\nsteps:\n  - linux_bridge: { name: plainbr, address: ${address} }\n`,
      );
    await expectExit(0, 'apply', plain('10.30.0.1/24'), '--yes');
    await on(
      'docker1',
      'sysctl -qw net.ipv4.conf.all.promote_secondaries=0 net.ipv4.conf.plainbr.promote_secondaries=0; ip address add 10.30.0.14/24 dev plainbr',
    );
    const before = await snapshots(['docker1']);
    await expectExit(0, 'apply', plain('10.31.0.1/24'), '--yes');
    const addresses = () => on('docker1', "ip -4 -o address show dev plainbr | awk '{ print $4 }'");
    expect(await addresses()).toBe('10.31.0.1/24\n10.30.0.14/24');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
    expect(await addresses()).toBe('10.30.0.1/24\n10.30.0.14/24');
    await on('docker1', 'ip address del 10.30.0.14/24 dev plainbr');
    await expectExit(0, 'undo', '--last', '--yes');
  });
});
