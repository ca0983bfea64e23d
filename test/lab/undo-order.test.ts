import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { expectAsBefore, expectExit, on, snapshots, stateDir, write } from './cli.ts';

const mesh = (...hosts: string[]) =>
  write(
    `mesh-of-${hosts.length}.yml`,
    `name: A mesh of ${hosts.length}
hosts: ${hosts.join(',')}
overlays:
  order: { cidr: 10.214.0.0/24, tunnel: gre, shape: full_mesh, key: 214, subnet_prefix: 28 }
steps:
  - ovs_bridge: { name: ovs-order, datapath: netdev }
  - ovs_tunnels: { bridge: ovs-order, overlay: order }
`,
  );
const runOf = (stdout: string) => /^Run (\S+):/m.exec(stdout)?.[1] ?? expect.fail('no run');
const apply = async (path: string) => runOf((await expectExit(0, 'apply', path, '--yes')).stdout);
const ports = (host: string) => on(host, 'ovs-vsctl list-ports ovs-order | tr "\\n" " "');
const folders = '/var/lib/meshbook/transactions';

// Each test continues where the previous one ended.
describe.skipIf(stateDir === '').sequential('runs undone in another order than they were made', () => {
  let before: Map<string, Snapshot>;
  let two: string;
  let three: string;
  let first: string;

  beforeAll(async () => {
    before = await snapshots();
    two = mesh('docker1', 'docker2');
    three = mesh('docker1', 'docker2', 'docker3');
  });
  afterAll(() => on('docker3', 'systemctl start ssh'));

  it('an older one leaves alone what a mesh that has grown and shrunk needs, and names the run that needs it', async () => {
    first = await apply(two);
    await apply(three);
    const last = await apply(two);
    const { stdout } = await expectExit(4, 'undo', first, '--yes');
    expect(stdout).toContain('! create OVS bridge ovs-order');
    expect(stdout).toContain(`run ${last} needs it: undo that one first`);
    expect(await on('docker1', 'ovs-vsctl list-br')).toContain('ovs-order');
  });

  it('--to undoes the later ones, newest first, and keeps the run that it names', async () => {
    const { stdout } = await expectExit(0, 'undo', '--to', first, '--yes');
    expect(stdout).toContain(`Back to run ${first}, which stays.`);
    expect(stdout.match(/^Undo of run/gm)).toHaveLength(2);
    expect(await on('docker1', 'ovs-vsctl list-br')).toContain('ovs-order');
    await expectAsBefore(new Map([...before].filter(([host]) => host === 'docker3')));
    expect((await expectExit(0, 'undo', '--to', first, '--yes')).stdout).toContain(
      'There is nothing to undo.',
    );
  });

  it('one forced before a later one leaves nothing at which the undo of the later one could fail', async () => {
    await apply(three);
    await expectExit(0, 'undo', first, '--yes', '--force');
    expect(await on('docker1', 'ovs-vsctl list-br')).not.toContain('ovs-order');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });

  it('one whose undo a host has lost is left alone everywhere, unless a part is asked for', async () => {
    const run = await apply(three);
    await on('docker1', `rm -r ${folders}/${run}`);
    const { stdout, stderr } = await expectExit(4, 'undo', '--last', '--yes');
    expect(stdout).toContain(`docker1: ERROR state: the files to undo run ${run} are gone`);
    expect(stdout).not.toContain('IN DOUBT');
    expect(stderr).toContain('Nothing was undone anywhere');
    expect(stderr).toContain('--limit docker2,docker3');
    expect(await ports('docker3')).toContain('docker2');

    await on('docker3', 'systemctl stop ssh.socket ssh 2>/dev/null; systemctl stop ssh');
    const unreachable = await expectExit(3, 'undo', '--last', '--yes', '--limit', 'docker2,docker3');
    expect(unreachable.stderr).toContain('--skip-unreachable');
    expect(await ports('docker2')).toContain('docker3');
    await expectExit(3, 'undo', '--last', '--yes', '--limit', 'docker2,docker3', '--skip-unreachable');
    await on('docker3', 'systemctl start ssh');
    await expectExit(0, 'undo', '--last', '--yes', '--limit', 'docker2:docker3');
    await expectAsBefore(new Map([...before].filter(([host]) => host !== 'docker1')));
  });

  it('one whose changes someone has already undone by hand counts as undone, even if its undo is lost', async () => {
    await expectExit(4, 'undo', '--last', '--yes');
    await on('docker1', 'ovs-vsctl del-br ovs-order');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectExit(1, 'undo', '--last', '--yes');
    await expectAsBefore(before);
  });
});
