import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { fileFact } from '../../src/facts/file.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import type { KindPlan } from '../../src/kinds/define-kind.ts';
import { effectsOf } from '../../src/plan/host-plan.ts';
import { kindOf } from '../kinds/cases.ts';
import { expectExit, write } from './cli.ts';
import { on as execute, prepared, read } from './on-host.ts';
import { lab, stateDir } from './own-lab.ts';

const host = 'docker2';
const on = (script: string) => execute(lab(), host, script);
const view = { host, overlays: new Map(), step: 'Test' };
const config = '/etc/docker/daemon.json';

const addBridge =
  'ip link add docktest address 02:00:00:00:00:11 type bridge; ip addr add 10.11.99.1/24 dev docktest; ip link set docktest up';
const ownBridge = { bridge: 'docktest', fixed_cidr: '10.11.99.128/26', mtu: 1450 };

async function plan(params: Record<string, unknown>) {
  const kind = kindOf('docker_daemon');
  const facts = await read(lab(), host, kind.facts(params, view));
  return kind.plan(params, facts, view);
}

const effects = async (params: Record<string, unknown>) => effectsOf(await plan(params));
const prepare = ({ changes, settle }: KindPlan) => prepared(lab(), host, changes, settle);

/**
 * What an undo must restore: facts, packet filter rules in any order, routes, and running containers with their ports.
 */
async function seen(): Promise<unknown> {
  const queries = [dockerFact, interfacesFact, fileFact(config)];
  const facts = await read(lab(), host, queries);
  const rest = await on(`iptables-save | sed 's/ \\[[0-9:]*\\]$//; /^#/d' | sort; ip route | sort
systemctl is-active docker.service docker.socket || :
ls /etc/systemd/system /run/systemd/system
if systemctl -q is-active docker.service; then docker ps --format '{{.Names}} {{.Ports}}' | sort; fi`);
  const canonical = queries.map((query) => query.family.canonical(facts.get<never>(query as never) as never));
  return { canonical, rest: rest.replaceAll(/ linkdown/g, '').split('\n') };
}

const ended = { type: 'end', outcome: 'ok' };

describe.skipIf(stateDir === '')('docker_daemon on a real host', () => {
  beforeAll(async () => {
    await on(
      `docker run -d --name dt-web --init -p 8099:80 lab-web; docker run -d --name dt-second --init lab-web`,
    );
  });
  afterAll(async () => {
    await on(
      'systemctl start docker; docker rm -f dt-web dt-second; ip link delete docktest 2>/dev/null || :',
    );
  });

  const fetches = () => on('timeout 5 curl -sf http://localhost:8099/ >/dev/null');

  it.each([
    ['with its defaults', ':'],
    [
      'with keys in daemon.json',
      `printf '{\\n\\t"mtu": 1400, "fixed-cidr": "172.17.5.0/24"\\n}\\n' >${config}; chmod 0600 ${config}`,
    ],
    ['with live-restore', `echo '{"live-restore": true}' >${config}`],
  ])(
    'a daemon %s gets another bridge and returns to its own, although the bridge is gone by then',
    async (_title, setUp) => {
      await on(
        `${setUp}; systemctl reset-failed docker.service docker.socket; systemctl restart docker; docker start dt-web dt-second`,
      );
      const before = await seen();
      await on(addBridge);
      const planned = await plan(ownBridge);
      expect(planned.problems ?? []).toEqual([]);
      const run = await prepare(planned);

      const events = await run.apply();
      expect(events.at(-1), JSON.stringify(events)).toEqual(ended);
      await fetches();
      expect(await on("docker inspect -f '{{.NetworkSettings.IPAddress}}' dt-web dt-second")).toBe(
        '10.11.99.128\n10.11.99.129\n',
      );
      expect(await on('docker exec dt-web cat /sys/class/net/eth0/mtu')).toBe('1450\n');
      expect(await effects(ownBridge)).toEqual([]);

      await on('ip link delete docktest');
      for (const time of ['once', 'twice']) {
        const undone = await run.undo();
        expect(undone.at(-1), `${time}: ${JSON.stringify(undone)}`).toEqual(ended);
        expect(await seen(), time).toEqual(before);
      }
      await fetches();
      // Docker's own records have forgotten the old bridge: a new one of that name must not bring it back.
      expect(
        await on(
          `${addBridge}; systemctl reset-failed docker.service docker.socket; systemctl restart docker; iptables-save | grep -c docktest || :`,
        ),
      ).toBe('0\n');
      await on(
        `ip link delete docktest; rm -f ${config}; systemctl reset-failed docker.service docker.socket; systemctl restart docker; docker start dt-web dt-second`,
      );
    },
  );

  it('docker0 gets another address, and its own one back', async () => {
    const params = { bip: '10.11.98.1/24', mtu: 1450, ip_masq: false };
    const before = await seen();
    const run = await prepare(await plan(params));
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect(await effects(params)).toEqual([]);
    const undone = await run.undo();
    expect(undone.at(-1), JSON.stringify(undone)).toEqual(ended);
    expect(await seen()).toEqual(before);
  });

  it("a daemon that doesn't start fails the run with its own message, and the undo restores it", async () => {
    await on(addBridge);
    const before = await seen();
    const run = await prepare(await plan({ ...ownBridge, icc: false, iptables: false }));
    const failed = (await run.apply()).find(({ type }) => type === 'failed');
    expect(failed).toMatchObject({ output: expect.stringContaining('ICC=false uses iptables to function') });
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await seen()).toEqual(before);
    await on('ip link delete docktest');
  });

  it('a daemon that runs with other options than its files is restarted, on the second of two addresses, and not without its bridge', async () => {
    await on(
      addBridge.replace(
        ' dev docktest',
        ' dev docktest; ip addr del 10.11.99.1/24 dev docktest; ip addr add 10.11.97.1/24 dev docktest; ip addr add 10.11.99.1/24 dev docktest',
      ),
    );
    const second = await plan({ bridge: 'docktest', fixed_cidr: '10.11.99.128/26' });
    expect(second.problems).toMatchObject([{ code: 'docker-second-address' }]);
    await on(
      'docker network create -o com.docker.network.bridge.name=docktest --subnet 10.11.97.0/24 dt-net',
    );
    expect((await plan({ bridge: 'docktest' })).problems).toMatchObject([{ code: 'docker-bridge-taken' }]);
    await on('docker network rm dt-net');
    const onSecond = { ...ownBridge, fixed_cidr: '10.11.99.0/25' };
    const run = await prepare(await plan(onSecond));
    await run.apply();
    const dropIn = '/etc/systemd/system/docker.service.d/zz-meshbook.conf';
    await on(`mv ${dropIn} /root/kept; systemctl daemon-reload; systemctl reset-failed docker.service docker.socket; systemctl restart docker; mv /root/kept ${dropIn}
systemctl daemon-reload; docker start dt-web dt-second`);
    const again = await plan(onSecond);
    expect(again.changes).toEqual([]);
    expect(again.settle).toMatchObject([{ brings: { restarted: ['dt-second', 'dt-web'] } }]);
    const restart = await prepare(again);
    expect((await restart.apply()).at(-1)).toEqual(ended);
    expect(await effects(onSecond)).toEqual([]);
    expect(await restart.undo()).toEqual([{ type: 'begin', id: 's1' }, { type: 'ok', id: 's1' }, ended]);
    expect(await effects(onSecond)).toEqual([]);
    // It isn't stopped for a bridge that does not come.
    const other = await prepare(await plan({ ...onSecond, mtu: 1400 }));
    await on('ip link set docktest down; ip link set docktest name dt-away');
    const refused = (await other.apply()).find(({ type }) => type === 'failed');
    expect(refused).toMatchObject({ output: expect.stringContaining('was left running: docktest') });
    expect((await other.undo()).at(-1)).toEqual(ended);
    await on('ip link set dt-away name docktest; ip link set docktest up');
    await run.undo();
    await on('ip link delete docktest');
  });

  it('configuration that a daemon refuses is found before it is stopped, by an apply and by an undo', async () => {
    const state = `systemctl show -p MainPID docker.service; docker inspect -f '{{.State.StartedAt}}' dt-web`;
    const planned = await plan({ mtu: 1450 });
    const run = await prepare(planned);
    const before = await on(state);
    const broken = `echo '{"iptables": "false"}' >${config}`;
    await on(broken);
    expect((await plan({ mtu: 1450 })).problems).toMatchObject([{ code: 'docker-config-refused' }]);
    const failed = (await run.apply()).find(({ type }) => type === 'failed');
    expect(failed).toMatchObject({ output: expect.stringContaining('was left running') });
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on(state)).toBe(before);

    await on(`rm ${config}`);
    const second = await prepare(planned);
    expect((await second.apply()).at(-1)).toEqual(ended);
    await on(broken);
    const applied = await on(state);
    const refused = (await second.undo()).find(({ type }) => type === 'failed');
    expect(refused).toMatchObject({ output: expect.stringContaining('was left running') });
    expect(await on(state)).toBe(applied);
    await on(`rm ${config}`);
    expect((await second.undo()).at(-1)).toEqual(ended);
  });

  it("a run and its undo restart containers that need others, and report those that can't start", async () => {
    await on(`mkdir /srv/dt; cd /
docker run -d --name dt-target --init --ipc shareable lab-web
docker run -d --name dt-net --init --network container:dt-target lab-web sleep 9999
docker run -d --name dt-link --init --link dt-target lab-web
docker run -d --name dt-ipc --init --ipc container:dt-target lab-web
docker run -d --name dt-bound --init --mount type=bind,src=/srv/dt,dst=/srv lab-web
docker run -d --name dt-paused --init lab-web
docker restart -t 0 dt-target
docker run -d --name dt-pid --init --restart always --pid container:dt-target lab-web
docker pause dt-paused
rm -r /srv/dt`);
    const running = () => on("docker ps --format '{{.Names}} {{.State}}' | grep dt- | sort");
    const all = ['dt-ipc', 'dt-link', 'dt-net', 'dt-pid', 'dt-second', 'dt-target', 'dt-web'].map(
      (name) => `${name} running\n`,
    );
    const back = [...all, 'dt-paused paused\n'].sort().join('');
    const isolated = () => on('docker exec dt-net cat /sys/class/net/eth0/mtu');
    const run = await prepare(await plan({ mtu: 1450 }));

    const events = await run.apply();
    expect(events.at(-1), JSON.stringify(events)).toEqual(ended);
    const told = events.filter(({ type }) => type === 'notice');
    expect(told).toMatchObject([
      { text: expect.stringMatching(/^container dt-bound does not start again: .*\/srv\/dt/) },
    ]);
    expect(await running()).toBe(back);
    expect(await isolated()).toBe('1450\n');

    const undone = await run.undo();
    expect(undone.at(-1), JSON.stringify(undone)).toEqual(ended);
    expect(undone.filter(({ type }) => type === 'notice')).toHaveLength(1);
    expect(await running()).toBe(back);
    expect(await isolated()).toBe('1500\n');

    // Once it can start again, a second undo starts it.
    await on('mkdir /srv/dt');
    const again = await run.undo();
    expect(again.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(await running()).toContain('dt-bound running');
    await on('docker rm -f dt-net dt-link dt-ipc dt-bound dt-paused dt-pid dt-target; rmdir /srv/dt');
  });

  it('a container that someone stopped, before or after the run, stays stopped, whatever its restart policy, and frees its port', async () => {
    await on(`docker stop dt-web
docker run -d --name dt-always --init --restart always -p 8099:80 lab-web
docker run -d --name dt-failed --restart on-failure lab-web sh -c 'trap "exit 3" TERM; sleep 999 & wait'
docker run -d --name dt-unless --init --restart unless-stopped lab-web
docker stop -t 5 dt-always dt-failed dt-unless; docker start dt-web`);
    const running = () => on("docker ps --format '{{.Names}}' | sort");
    const run = await prepare(await plan({ mtu: 1450 }));
    const events = await run.apply();
    expect(events.at(-1), JSON.stringify(events)).toEqual(ended);
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(await running()).toBe('dt-second\ndt-web\n');
    await fetches();
    await on('docker stop dt-second');
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await running()).toBe('dt-web\n');
    await fetches();
    await on('docker rm -f dt-always dt-failed dt-unless; docker start dt-second');
  });

  it('a daemon that is stopped and disabled only gets its files, and one that is enabled is started and stopped again', async () => {
    await on(
      'docker stop dt-web dt-second; systemctl stop docker.socket docker; systemctl disable docker.socket docker',
    );
    const disabled = await seen();
    const written = await plan({ mtu: 1450 });
    expect(effectsOf(written)).toMatchObject([
      { type: 'file', settle: [{ type: 'daemon-reload' }, { type: 'docker-restart', stopped: true }] },
    ]);
    const first = await prepare(written);
    expect((await first.apply()).at(-1)).toEqual(ended);
    expect(await on('systemctl is-active docker.service || :')).toBe('inactive\n');
    await first.undo();
    expect(await seen()).toEqual(disabled);

    await on('systemctl enable docker.socket docker; systemctl start docker.socket');
    const onlySocket = await seen();
    const second = await prepare(await plan({ mtu: 1450 }));
    expect((await second.apply()).at(-1)).toEqual(ended);
    expect(await on('systemctl is-active docker.service')).toBe('active\n');
    expect(await effects({ mtu: 1450 })).toEqual([]);
    await second.undo();
    expect(await seen()).toEqual(onlySocket);
    await on(
      'systemctl reset-failed docker.service docker.socket; systemctl start docker; docker start dt-web dt-second',
    );
  });

  it('a run that only restarts Docker is shown, recorded and undone like any other', async () => {
    const path = write('docker.yml', `hosts: ${host}\nsteps:\n  - docker_daemon: { mtu: 1450 }\n`);
    const dropIn = '/etc/systemd/system/docker.service.d/zz-meshbook.conf';
    const startedAt = () => on('systemctl show --property ExecMainStartTimestampMonotonic docker.service');
    await expectExit(0, 'apply', path, '--yes');
    // The files are right, and the daemon runs without them.
    await on(`mv ${dropIn} /root/kept; systemctl daemon-reload; systemctl restart docker; mv /root/kept ${dropIn}
systemctl daemon-reload; docker start dt-web dt-second`);
    const applied = await expectExit(0, 'apply', path, '--yes');
    expect(applied.stdout).toContain('~ Docker daemon docker.service');
    expect(applied.stdout).toContain('restart Docker');
    expect((await expectExit(0, 'plan', path)).stdout).toContain('No changes.');
    const before = await startedAt();
    const undone = await expectExit(0, 'undo', '--last', '--yes');
    expect(undone.stdout).toContain('- undo: update Docker daemon docker.service\n');
    expect(undone.stdout).toContain('- then once: restart Docker\n');
    expect(await startedAt()).not.toBe(before);
    await fetches();
    await expectExit(0, 'undo', '--last', '--yes');
    expect(await on(`ls ${dropIn} 2>&1 || :`)).toContain('No such file');
  });
});
