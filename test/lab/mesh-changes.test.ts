import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labDown, labExec, labUp } from '../../src/lab/lab.ts';
import type { LabState } from '../../src/lab/state.ts';
import { expectExit, folder, stateDir, write } from './cli.ts';

const playbook = new URL('../../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;
const ownState = join(tmpdir(), `meshbook-four-hosts-${process.pid}`);
const leasesPath = join(folder, 'four.leases.json');

// A mesh that grows and shrinks, in a lab of its own: each test continues where the previous one ended.
describe.skipIf(stateDir === '').sequential('a running mesh', () => {
  let lab: LabState;
  let inventory: string;

  beforeAll(async () => {
    mkdirSync(ownState, { mode: 0o700 });
    lab = await labUp({ stateDir: ownState, hosts: 4, install: false });
  });
  afterAll(async () => {
    await labDown(ownState);
    rmSync(ownState, { recursive: true });
  });

  /** By their names in the lab; the inventory may have others. */
  const called = new Map<string, string>();

  function hosts(...names: string[]): void {
    const lines = lab.hosts
      .filter(({ name }) => names.includes(name))
      .map(
        (host) =>
          `      ${called.get(host.name) ?? host.name}: { address: ${host.address}, underlay_address: ${host.underlayAddress} }`,
      );
    inventory = write(
      'four.yml',
      `groups:
  docker_hosts:
    vars: { ovs_datapath: netdev }
    hosts:
${lines.join('\n')}
ssh: { user: root, identity_file: ${lab.key}, known_hosts: ${lab.knownHosts} }
`,
    );
  }

  async function on(host: string, script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await labExec(lab, host, `set -e\n${script}`);
    if (exitCode !== 0) expect.fail(`on ${host}: ${script}\n${stdout}\n${stderr}`);
    return stdout.trim();
  }
  const everywhere = (names: readonly string[], script: string) =>
    Promise.all(names.map((host) => on(host, script)));

  const run = (exitCode: number, command: string, ...args: string[]) =>
    expectExit(exitCode, command, playbook, '-i', inventory, ...args);

  /** Each host's changes with their fields: `docker1: create OVS ports ovs_bridge lab-docker4`. */
  async function planned(...args: string[]): Promise<string[]> {
    const plan = JSON.parse((await run(0, 'plan', '--format', 'json', ...args)).stdout) as {
      hosts: Record<
        string,
        {
          steps: {
            changes: { action: string; noun: string; target: string; fields: { field: string }[] }[];
          }[];
        }
      >;
    };
    return Object.entries(plan.hosts).flatMap(([host, { steps }]) =>
      steps.flatMap(({ changes }) =>
        changes.map(
          ({ action, noun, target, fields }) =>
            `${host}: ${action} ${noun} ${target} ${fields.map(({ field }) => field).join(' ')}`,
        ),
      ),
    );
  }

  const leases = async () =>
    (JSON.parse(await readFile(leasesPath, 'utf8')) as { overlays: { lab: Record<string, unknown> } })
      .overlays.lab;
  const dockerStarts = (names: readonly string[]) =>
    everywhere(names, 'systemctl show -p ActiveEnterTimestampMonotonic -p MainPID docker');
  const ports = async (host: string) =>
    (await on(host, 'ovs-vsctl --timeout=10 list-ports ovs_bridge')).split('\n').sort();

  const three = ['docker1', 'docker2', 'docker3'];
  let starts: string[];
  let given: Awaited<ReturnType<typeof leases>>;

  it('is made of three hosts', async () => {
    hosts(...three);
    await run(0, 'apply', '--yes');
    starts = await dockerStarts(three);
    given = await leases();
    expect(Object.keys(given)).toEqual(three);
  });

  it('needs on the three hosts only what a fourth needs: one tunnel each', async () => {
    hosts(...three, 'docker4');
    const changes = await planned();
    expect(changes.filter((change) => !change.startsWith('docker4: '))).toEqual(
      three.map((host) => `${host}: create OVS ports ovs_bridge lab-docker4`),
    );
    const { stdout } = await run(0, 'plan');
    expect(stdout).toMatch(/New leases\n {3}\+ lab: docker4 [^\n]*\n\n/);
  });

  it('refuses --limit without its peers, and names them', async () => {
    const plan = await run(0, 'plan', '--limit', 'docker4');
    expect(plan.stdout).toContain(`Peers that would also change
   ! docker1, docker2, docker3: 1 tunnel to docker4 (4. A tunnel to every peer)`);
    expect(await planned('--limit', 'docker4')).toEqual(
      (await planned()).filter((change) => change.startsWith('docker4: ')),
    );
    const refused = await run(1, 'apply', '--yes', '--limit', 'docker4');
    expect(refused.stderr).toContain('--include-peers includes them, --allow-one-sided');
    expect(await on('docker4', 'ovs-vsctl --timeout=10 list-br')).not.toContain('ovs_bridge');
    const alone = await run(0, 'plan', '--limit', 'docker4', '--allow-one-sided');
    expect(alone.stdout).not.toContain('Peers');
  });

  it('includes peers with the steps that make tunnels, and no others', async () => {
    const file = '/etc/network/interfaces.d/newbridge';
    await on('docker1', `sed -i s/1462/1400/ ${file}`);
    const { stdout } = await run(0, 'apply', '--yes', '--limit', 'docker4', '--include-peers');
    expect(stdout).toContain('4 hosts: 4 changed');
    expect(stdout).toContain('docker1: checked');
    expect(await planned()).toEqual([`docker1: update file ${file} content`]);
    await on('docker1', `sed -i s/1400/1462/ ${file}`);
    expect((await run(0, 'plan', '--detailed-exitcode')).stdout).toContain('No changes.');
    await run(0, 'check');
    expect((await run(0, 'apply', '--yes', '--limit', 'docker4')).stdout).toContain('No changes.');
  });

  it('renumbers no host and restarts no Docker when it grows', async () => {
    expect(await leases()).toMatchObject(given);
    expect(await dockerStarts(three)).toEqual(starts);
  });

  it('loses the tunnels to a removed host, and nothing else', async () => {
    const left = ['docker1', 'docker2', 'docker4'];
    starts = await dockerStarts(left);
    given = await leases();
    await on(
      'docker1',
      'ovs-vsctl --timeout=10 add-port ovs_bridge mine -- set Interface mine type=internal',
    );
    hosts(...left);
    expect(await planned()).toEqual(left.map((host) => `${host}: delete OVS ports ovs_bridge lab-docker3`));
    const { stdout } = await run(0, 'apply', '--yes');
    expect(stdout).toContain('3 hosts: 3 changed');
    expect(await ports('docker1')).toEqual(['lab-docker2', 'lab-docker4', 'mine']);
    expect(await ports('docker2')).toEqual(['lab-docker1', 'lab-docker4']);
    expect(await dockerStarts(left)).toEqual(starts);
    // Its address isn't given to another host, as docs/guides/inventory.md says.
    expect(await leases()).toEqual(given);
    await run(0, 'check');
    expect((await run(0, 'drift')).stdout).toContain('No drift on 3 hosts.');
  });

  it('keeps its tunnels when a host is renamed: only their tags change', async () => {
    const left = ['docker1', 'docker2', 'docker4'];
    const tunnel = 'ovs-vsctl --timeout=10 --columns=ofport,options list Interface lab-docker4';
    const before = await on('docker1', tunnel);
    called.set('docker4', 'web');
    hosts(...left);
    expect((await planned()).filter((change) => !change.startsWith('web: '))).toEqual([
      'docker1: update OVS ports ovs_bridge lab-docker4 external_ids:meshbook-peer',
      'docker2: update OVS ports ovs_bridge lab-docker4 external_ids:meshbook-peer',
    ]);
    const { stdout } = await run(0, 'apply', '--yes');
    expect(stdout).toContain('3 hosts: 3 changed');
    expect(await on('docker1', tunnel)).toBe(before);
    expect((await run(0, 'plan', '--detailed-exitcode')).stdout).toContain('No changes.');
    expect((await run(0, 'drift')).stdout).toContain('No drift on 3 hosts.');
    await expectExit(0, 'undo', '--last', '--yes');
    const peer = 'ovs-vsctl --timeout=10 get Port lab-docker4 external_ids:meshbook-peer';
    expect(await on('docker1', peer)).toBe('docker4');
    expect(await on('docker1', tunnel)).toBe(before);
    called.clear();
  });

  it("reports a missing kernel module when an existing bridge is to have the kernel's datapath", async () => {
    hosts('docker1', 'docker2', 'docker4');
    const { stdout } = await run(4, 'apply', '--yes', '--limit', 'docker1', '-e', 'ovs_datapath=system');
    expect(stdout).toContain('Open vSwitch did not make the interface ovs_bridge');
    expect(stdout).toContain('without the openvswitch module in the kernel, only the netdev datapath works');
    expect(await ports('docker1')).toEqual(['lab-docker2', 'lab-docker4', 'mine']);
    expect(await planned('--limit', 'docker1')).toEqual([]);
  });

  it('reports in the plan that a tunnel of the host is the same as one of its own', async () => {
    const [own, peer] = lab.hosts.map(({ underlayAddress }) => underlayAddress);
    await on(
      'docker1',
      `ovs-vsctl --timeout=10 del-port lab-docker2
       ovs-vsctl --timeout=10 add-port br-phy admin -- set Interface admin type=gre options:local_ip=${own} options:remote_ip=${peer} options:key=0`,
    );
    hosts('docker1', 'docker2', 'docker4');
    const { stderr } = await run(1, 'plan');
    expect(stderr).toContain(
      `docker1: lab-docker2 would be the same tunnel to ${peer} as admin on the bridge br-phy`,
    );
  });
});
