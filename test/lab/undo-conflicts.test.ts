import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lab/snapshot.ts';
import { expectAsBefore, expectExit, on, snapshots, stateDir, write } from './cli.ts';

const hosts = ['docker1', 'docker2'];
const playbook = `
name: What somebody changes later
hosts: docker1,docker2
steps:
  - file: { path: /etc/lab-conflicts/edited, content: "one\\ntwo\\nthree\\n" }
  - file: { path: /etc/lab-conflicts/left, content: "left\\n" }
  - file: { path: /etc/lab-conflicts/secret, content: "hunter2\\n", mode: "0600", secret: true }
  - sysctl: { name: net.ipv4.ip_default_ttl, value: 99 }
  - linux_bridge: { name: br-old, address: 10.211.0.1/24 }
  - linux_bridge: { name: br-new, address: 10.212.0.1/24 }
  - linux_bridge: { name: br-gone, address: 10.213.0.1/24 }
  - ovs_bridge: { name: ovs-one, datapath: netdev }
  - ovs_bridge: { name: ovs-two, datapath: netdev }
`;
// By hand: each of these must be found, and nothing else.
const byHand = `
sed -i s/two/2/ /etc/lab-conflicts/edited
printf 'swordfish\\n' >/etc/lab-conflicts/secret
sysctl -q -w net.ipv4.ip_default_ttl=98
ip address delete 10.211.0.1/24 dev br-old
ip address add 10.211.0.77/24 dev br-old
ip link add conflict0 type veth peer name conflict1
ip link set conflict0 master br-new
ip link delete br-gone
ovs-vsctl set Bridge ovs-one other_config:mac-table-size=1000
`;

// Each test continues where the previous one ended.
describe.skipIf(stateDir === '').sequential('an undo of what someone has changed since', () => {
  let before: Map<string, Snapshot>;
  let path: string;

  beforeAll(async () => {
    await Promise.all(hosts.map((host) => on(host, 'ip link add br-old type bridge; ip link set br-old up')));
    before = await snapshots(hosts);
    path = write('conflicts.yml', playbook);
    await expectExit(0, 'apply', path, '--yes');
    await on('docker1', byHand);
  });
  afterAll(async () => {
    await Promise.all(
      hosts.map((host) => on(host, 'ip link delete br-old; ip link delete conflict0 2>/dev/null || :')),
    );
  });

  it('shows exactly those changes, with three values, and leaves them alone; the rest is restored', async () => {
    const { stdout } = await expectExit(4, 'undo', '--last', '--yes');
    const conflicts = stdout.slice(stdout.indexOf('Changed since the run, and left alone'));
    const shown = conflicts.slice(0, conflicts.indexOf('\nrun 2')).split('\n');
    expect(shown.filter((line) => line.startsWith('   ! '))).toEqual([
      '   ! create OVS bridge ovs-one',
      '   ! create bridge br-new',
      '   ! create address br-old',
      '   ! update kernel parameter net.ipv4.ip_default_ttl',
      '   ! create file /etc/lab-conflicts/secret',
      '   ! create file /etc/lab-conflicts/edited',
    ]);
    expect(shown.filter((line) => / docker\d:$/.test(line))).toEqual([' docker1:']);
    const said = shown.join('\n');
    expect(said).toContain(
      [
        '       kernel parameter net.ipv4.ip_default_ttl',
        '         before the run  64',
        '         after the run   99',
        '         now             98',
      ].join('\n'),
    );
    expect(said).toContain(
      [
        '         before the run  (nothing)',
        '         after the run   10.211.0.1/24',
        '         now             10.211.0.77/24',
      ].join('\n'),
    );
    expect(said).toContain(
      [
        '       OVS bridge ovs-one other_config:mac-table-size',
        '         before the run  (nothing)',
        '         after the run   (nothing)',
        '         now             1000',
      ].join('\n'),
    );
    expect(said).toMatch(/link conflict0 master\n.*\n.*\n {9}now {13}br-new/);
    expect(said).toMatch(/by the run: made, 3 lines\n {9}since then:\n.*@@\n {12}one\n {11}-two\n {11}\+2\n/);
    expect(stdout).not.toMatch(/hunter2|swordfish/);
    expect(stdout).toMatch(/docker1 +partly undone +\d+ changes; 6 conflicts left alone/);
    expect(stdout).toMatch(/docker2 +undone +\d+ changes$/m);
    expect(stdout).toContain('--limit docker1 --force');

    await expectAsBefore(new Map([...before].slice(1)));
    expect(await on('docker1', 'cat /etc/lab-conflicts/*; ls /etc/lab-conflicts')).toBe(
      'one\n2\nthree\nswordfish\nedited\nsecret',
    );
    expect(await on('docker1', 'cat /proc/sys/net/ipv4/ip_default_ttl')).toBe('98');
    expect(await on('docker1', 'ls /etc/sysctl.d/*ip_default_ttl* 2>/dev/null || echo gone')).toBe('gone');
    expect(await on('docker1', 'ip -4 -o address show dev br-old')).toContain('10.211.0.77/24');
    expect(await on('docker1', 'ovs-vsctl list-br')).toMatch(/^br-phy\novs-one$/);
    expect(await on('docker1', 'ip -o link show conflict0')).toContain('master br-new');
    expect(await on('docker1', 'tail -n 1 /var/lib/meshbook/transactions/*/report')).toMatch(
      /by=asked ok left=6/,
    );
  });

  it('keeps no secret in the record', async () => {
    const { stdout } = await expectExit(0, 'runs', '--json');
    const [run] = JSON.parse(stdout) as { id: string }[];
    const { execFileSync } = await import('node:child_process');
    const { folder } = await import('./cli.ts');
    expect(run).toBeDefined();
    const found = execFileSync(
      'sh',
      ['-c', 'grep -rlE "hunter2|swordfish" "$1/runs" || echo none', 'sh', folder],
      {
        encoding: 'utf8',
      },
    );
    expect(found.trim()).toBe('none');
  });

  it('finds the same again, and has nothing else to do', async () => {
    const { stdout } = await expectExit(4, 'undo', '--last', '--yes', '--json');
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; host: string; part?: string; now?: unknown });
    const conflicts = events.filter(({ type }) => type === 'conflict');
    expect(conflicts.find(({ part }) => part === 'kernel parameter net.ipv4.ip_default_ttl')).toMatchObject({
      host: 'docker1',
      before: '64',
      after: '99',
      now: '98',
    });
    expect(events.filter(({ type }) => type === 'change')).toEqual([]);
    expect(events.at(-1)).toMatchObject({
      type: 'run-finished',
      results: { docker1: { outcome: 'undone' } },
    });
  });

  it('undoes all of it by force', async () => {
    const { stdout } = await expectExit(0, 'undo', '--last', '--yes', '--force');
    expect(stdout).toContain('Changed since the run, and undone anyway');
    // Someone's own things that were only in the way stay.
    await on('docker1', 'ip link delete conflict0; ip address delete 10.211.0.77/24 dev br-old');
    await expectAsBefore(before);
    await expectExit(1, 'undo', '--last', '--yes');
  });

  it('leaves alone what a later run has set, and names that run', async () => {
    const one = (content: string) =>
      write(
        'one-file.yml',
        `name: One file\nhosts: docker1\nsteps: [{ file: { path: /etc/lab-conflicts/a, content: "${content}" } }]\n`,
      );
    const runOf = (stdout: string) => /^Run (\S+):/m.exec(stdout)?.[1] ?? '';
    const first = runOf((await expectExit(0, 'apply', one('first'), '--yes')).stdout);
    const second = runOf((await expectExit(0, 'apply', one('second'), '--yes')).stdout);
    const { stdout } = await expectExit(4, 'undo', first, '--yes');
    expect(stdout).toContain(`run ${second} set it later: undo that one`);
    expect(await on('docker1', 'cat /etc/lab-conflicts/a')).toBe('second');
    await expectExit(0, 'undo', second, '--yes');
    expect(await on('docker1', 'cat /etc/lab-conflicts/a')).toBe('first');
    await expectExit(0, 'undo', first, '--yes');
    await expectAsBefore(before);
  });
});
