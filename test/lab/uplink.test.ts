import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { View } from '../../src/kinds/define-kind.ts';
import { hostRestart } from '../../src/lab/lab.ts';
import { differences, type Snapshot, snapshot } from '../../src/lab/snapshot.ts';
import { kindOf } from '../kinds/cases.ts';
import { expectExit, lab, meshbook, on, stateDir, write } from './cli.ts';
import { prepared, read } from './on-host.ts';

const host = 'docker1';
const stanzaFile = '/etc/network/interfaces.d/eth0';
const shipped = new URL('../../playbooks/lan-bridge.yml', import.meta.url).pathname;
const linux = { interface: 'eth0', bridge: 'br-uplink' };
const netdev = { ...linux, type: 'ovs', datapath: 'netdev' };

const playbook = (name: string, ...steps: object[]) =>
  write(`${name}.yml`, JSON.stringify({ name, hosts: host, steps }));

/** All addresses with their interfaces, and every route with its interface, except link-local ones. */
const addressing = async () => {
  const printed = await on(
    host,
    `ip -o address show scope global; ip -4 route show table all; ip -6 route show table all`,
  );
  return printed
    .split('\n')
    .map((line) =>
      line
        .replace(/^\d+: /, '')
        .replace(/\\.*/, '')
        .trim(),
    )
    .filter(
      (line) =>
        /\b(eth0|br-uplink)\b/.test(line) && !/\b(local|broadcast|anycast|multicast|fe80:)/.test(line),
    )
    .map((line) => line.replace(/ (linkdown|nodad|pref medium)/g, '').replace(/\s+/g, ' '))
    .sort();
};

/** Canonical facts, except docker0's MAC, which Docker chooses anew at each boot. */
const state = async () =>
  JSON.parse(
    JSON.stringify(await snapshot(lab(), host)).replace(/02:42(:[0-9a-f]{2}){4}/g, '02:42'),
  ) as Snapshot;

const onBridge = (lines: readonly string[]) =>
  lines.map((line) => line.replaceAll('eth0', 'br-uplink')).sort();

// The host's path to the controller, with more than a plain lab has: a default route, another table, IPv6.
describe.skipIf(stateDir === '').sequential('the interface of the SSH path', () => {
  let before: Snapshot;
  let plain: string;
  let was: string[];

  beforeAll(async () => {
    plain = await on(host, `apt-get -q -y install bridge-utils >/dev/null; cat ${stanzaFile}`);
    const address = /address (\S+)/.exec(plain)?.[1] ?? expect.fail(plain);
    const gateway = address.replace(/\d+\/24$/, '1');
    await on(
      host,
      `cat >${stanzaFile} <<'END'
# The way to the controller
auto eth0
iface eth0 inet static
  address ${address}
  gateway ${gateway}
  up ip route add 10.95.0.0/16 via ${gateway} dev eth0 proto static metric 50 table 100

iface eth0 inet static
  address 10.96.0.11/24

iface eth0 inet6 static
  address fd97::11/64
  up ip -6 route add fd98::/64 via fd97::1 dev eth0 proto static metric 77
END`,
    );
    await hostRestart(lab(), host);
    was = await addressing();
    expect(was.filter((line) => /^(default via|10\.95|fd98:)/.test(line))).toHaveLength(3);
    before = await state();
  });
  afterAll(async () => {
    await on(
      host,
      `printf '%s\\n' ${plain
        .split('\n')
        .map((line) => `'${line}'`)
        .join(' ')} >${stanzaFile}; apt-get -q -y purge bridge-utils >/dev/null`,
    );
    await hostRestart(lab(), host);
  });

  it.each([
    ['a Linux bridge', [shipped, '--limit', host, '-e', 'lan_bridge=br-uplink']],
    ['an Open vSwitch bridge', [playbook('netdev', { name: 'Uplink', bridge_uplink: netdev })]],
  ])(
    'is moved into %s over its own connection, stays there over a reboot, and is moved out again',
    async (_, path) => {
      const shown = await expectExit(2, 'plan', ...path, '--detailed-exitcode');
      expect(shown.stdout).toContain('changes the SSH path');
      const applied = await expectExit(0, 'apply', ...path, '--yes', '--confirm-timeout', '60s');
      expect(applied.stdout).toContain('1 host: 1 changed');
      expect(await addressing()).toEqual(onBridge(was));
      expect((await expectExit(0, 'plan', ...path, '--detailed-exitcode')).stdout).toContain('No changes.');

      await on(host, 'systemctl restart networking');
      expect(await addressing()).toEqual(onBridge(was));
      expect((await expectExit(0, 'plan', ...path, '--detailed-exitcode')).stdout).toContain('No changes.');

      await hostRestart(lab(), host);
      expect((await expectExit(0, 'plan', ...path, '--detailed-exitcode')).stdout).toContain('No changes.');
      expect(await addressing()).toEqual(onBridge(was));

      await expectExit(0, 'undo', '--last', '--yes');
      expect(differences(before, await state())).toEqual([]);
      expect(await addressing()).toEqual(was);
      await on(host, 'systemctl restart networking');
      expect(await addressing()).toEqual(was);
    },
  );

  it.each([
    ['a Linux bridge', linux],
    ['an Open vSwitch bridge', netdev],
  ])('leaves %s at the next boot if the power fails before the confirm', async (title, uplink) => {
    const path = playbook(`armed ${title}`, { name: 'Uplink', bridge_uplink: uplink });
    await expectExit(0, 'apply', path, '--yes', '--no-confirm', '--confirm-timeout', '120s');
    expect(await addressing()).toEqual(onBridge(was));
    await hostRestart(lab(), host);
    expect(await addressing()).toEqual(was);
    expect(differences(before, await state())).toEqual([]);
    expect((await meshbook('status')).stdout).toMatch(new RegExp(`${host}.*undone by=boot ok`));
  });

  it('leaves it with state absent', async () => {
    const uplink = (params: object) => ({ name: 'Uplink', bridge_uplink: { ...linux, ...params } });
    await expectExit(0, 'apply', playbook('in', uplink({})), '--yes');
    const out = playbook('out', uplink({ state: 'absent' }));
    expect((await expectExit(2, 'plan', out, '--detailed-exitcode')).stdout).toContain(
      'changes the SSH path',
    );
    await expectExit(0, 'apply', out, '--yes');
    expect(await addressing()).toEqual(was);
    expect((await expectExit(0, 'plan', out, '--detailed-exitcode')).stdout).toContain('No changes.');
    await expectExit(0, 'undo', '--last', '--yes');
    expect(await addressing()).toEqual(onBridge(was));
    await expectExit(0, 'undo', '--last', '--yes');
    expect(differences(before, await state())).toEqual([]);
  });

  it.each([
    ['a Linux bridge', linux, 'ip link add br-uplink type bridge; ip link set eth0 master br-uplink'],
    [
      'an Open vSwitch bridge',
      netdev,
      'ovs-vsctl add-br br-uplink -- set bridge br-uplink datapath_type=netdev',
    ],
  ])('is moved and restored completely from half-way: %s', async (_, params, half) => {
    const kind = kindOf('bridge_uplink');
    const view: View = { host, overlays: new Map(), step: 'Test' };
    const { changes } = kind.plan(params, await read(lab(), host, kind.facts(params, view)), view);
    const run = await prepared(lab(), host, changes);
    await on(host, half);
    for (const way of ['apply', 'apply', 'undo', 'undo'] as const) {
      expect((await run[way]()).at(-1)).toEqual({ type: 'end', outcome: 'ok' });
      expect(await addressing()).toEqual(way === 'apply' ? onBridge(was) : was);
    }
    expect(differences(before, await state())).toEqual([]);
  });

  it.each([
    ['its bridge goes down', linux, 'ip link set br-uplink down'],
    ['its addresses are lost', netdev, 'ip address flush dev br-uplink; ip link set eth0 down'],
  ])('is restored by itself if a later step cuts it off: %s', async (title, uplink, cut) => {
    const path = playbook(
      `cut-${title.replaceAll(' ', '-')}`,
      { name: 'Uplink', bridge_uplink: uplink },
      { name: 'Cut off', command: { run: cut, always: true }, timeout: '5s' },
    );
    const running = meshbook('apply', path, '--yes', '--confirm-timeout', '8s');
    await until(20, async () => (await addressing()).join() !== was.join());
    const cutOff = Date.now();
    await until(30, async () => (await addressing()).join() === was.join());
    // 8 s without an answer, and the duration of an undo on a busy machine.
    expect(Date.now() - cutOff).toBeLessThan(16_000);
    const { exitCode, stdout, stderr } = await running;
    expect([4, 5], `${stdout}\n${stderr}`).toContain(exitCode);
    expect(stdout).toContain(exitCode === 4 ? '1 undone' : '1 in doubt');
    expect(differences(before, await state())).toEqual([]);
    expect((await meshbook('status')).stdout).toMatch(new RegExp(`${host}.*undone`));
    const run = /^run (\S+): apply/m.exec(stdout)?.[1] ?? expect.fail(stdout);
    expect((await expectExit(0, 'undo', run, '--yes')).stdout).toContain('nothing to undo');
    expect(differences(before, await state())).toEqual([]);
  });

  it('an interface without addresses keeps the MTU that a command sets, and the bridge has it', async () => {
    const file = '/etc/network/interfaces.d/jumbo';
    const stanza = 'auto jumbo\niface jumbo inet manual\n  pre-up ip link set dev $IFACE mtu 9000\n';
    await on(
      host,
      `ip link add jumbo type veth peer name jumbo2; printf %s '${stanza}' >${file}; ifup jumbo 2>&1`,
    );
    const path = playbook('jumbo', {
      name: 'Uplink',
      bridge_uplink: { interface: 'jumbo', bridge: 'br-jumbo' },
    });
    await expectExit(0, 'apply', path, '--yes');
    await on(host, 'ifdown br-jumbo jumbo 2>&1; ip link set jumbo mtu 1500; ifup jumbo br-jumbo 2>&1');
    const mtus = 'cat /sys/class/net/jumbo/mtu /sys/class/net/br-jumbo/mtu; ls /sys/class/net/br-jumbo/brif';
    expect(await on(host, mtus)).toBe('9000\n9000\njumbo');
    await expectExit(0, 'undo', '--last', '--yes');
    expect(await on(host, `cat ${file}`)).toBe(stanza.trim());
    await on(host, `ifdown jumbo 2>&1; ip link delete jumbo; rm ${file}`);
    expect(differences(before, await state())).toEqual([]);
  });
});

async function until(seconds: number, done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > end) expect.fail(`waited ${seconds} s in vain`);
    await sleep(200);
  }
}
