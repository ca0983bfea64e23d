import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dockerFact } from '../../src/facts/docker.ts';
import { fileFact } from '../../src/facts/file.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { readLab } from '../../src/lab/state.ts';
import { kindOf } from '../kinds/cases.ts';
import { on as execute, prepared, read } from './on-host.ts';

const stateDir = inject('labStateDir');
const lab = () => readLab(stateDir) ?? expect.fail('the test lab is gone');
const host = 'docker2';
const on = (script: string) => execute(lab(), host, script);
const view = { host, overlays: new Map(), step: 'Test' };
const config = '/etc/docker/daemon.json';

const addBridge =
  'ip link add docktest address 02:00:00:00:00:11 type bridge; ip addr add 10.11.99.1/24 dev docktest; ip link set docktest up';
const ownBridge = { bridge: 'docktest', fixed_cidr: '10.11.99.128/26', mtu: 1450 };

async function plan(params: Record<string, unknown>) {
  const kind = await kindOf('docker_daemon');
  const facts = await read(lab(), host, kind.facts(params, view));
  return kind.plan(params, facts, view);
}

/** What an undo must bring back: facts, packet filter rules in any order, routes, and who runs with which ports. */
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
    'a daemon %s gets a bridge of its own and goes back, though the bridge is gone by then',
    async (_title, prepare) => {
      await on(
        `${prepare}; systemctl reset-failed docker.service docker.socket; systemctl restart docker; docker start dt-web dt-second`,
      );
      const before = await seen();
      await on(addBridge);
      const { changes, problems } = await plan(ownBridge);
      expect(problems ?? []).toEqual([]);
      const run = await prepared(lab(), host, changes);

      const events = await run.apply();
      expect(events.at(-1), JSON.stringify(events)).toEqual(ended);
      await fetches();
      expect(await on("docker inspect -f '{{.NetworkSettings.IPAddress}}' dt-web dt-second")).toBe(
        '10.11.99.128\n10.11.99.129\n',
      );
      expect(await on('docker exec dt-web cat /sys/class/net/eth0/mtu')).toBe('1450\n');
      expect((await plan(ownBridge)).changes).toEqual([]);

      await on('ip link delete docktest');
      for (const time of ['once', 'twice']) {
        const undone = await run.undo();
        expect(undone.at(-1), `${time}: ${JSON.stringify(undone)}`).toEqual(ended);
        expect(await seen(), time).toEqual(before);
      }
      await fetches();
      // Nothing of the old bridge is left in Docker's own records either, to come back with a bridge of that name.
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
    const run = await prepared(lab(), host, (await plan(params)).changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan(params)).changes).toEqual([]);
    const undone = await run.undo();
    expect(undone.at(-1), JSON.stringify(undone)).toEqual(ended);
    expect(await seen()).toEqual(before);
  });

  it("a daemon that doesn't start fails the run with its own words, and the undo brings it back", async () => {
    await on(addBridge);
    const before = await seen();
    const { changes } = await plan({ ...ownBridge, icc: false, iptables: false });
    const run = await prepared(lab(), host, changes);
    const failed = (await run.apply()).find(({ type }) => type === 'failed');
    expect(failed).toMatchObject({ output: expect.stringContaining('ICC=false uses iptables to function') });
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await seen()).toEqual(before);
    await on('ip link delete docktest');
  });

  it('a daemon that runs by other options than its files is restarted', async () => {
    await on(addBridge);
    const run = await prepared(lab(), host, (await plan(ownBridge)).changes);
    await run.apply();
    const dropIn = '/etc/systemd/system/docker.service.d/zz-meshbook.conf';
    await on(`mv ${dropIn} /root/kept; systemctl daemon-reload; systemctl reset-failed docker.service docker.socket; systemctl restart docker; mv /root/kept ${dropIn}
systemctl daemon-reload; docker start dt-web dt-second`);
    const { changes } = await plan(ownBridge);
    expect(changes).toMatchObject([{ type: 'docker', restarted: ['dt-second', 'dt-web'] }]);
    expect((await (await prepared(lab(), host, changes)).apply()).at(-1)).toEqual(ended);
    expect((await plan(ownBridge)).changes).toEqual([]);
    await run.undo();
    await on('ip link delete docktest');
  });

  it('a container that somebody stopped after the run stays stopped by the undo', async () => {
    const run = await prepared(lab(), host, (await plan({ mtu: 1450 })).changes);
    await run.apply();
    await on('docker stop dt-second');
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on("docker ps --format '{{.Names}}'; docker start dt-second >/dev/null")).toBe('dt-web\n');
  });

  it('a daemon that is stopped and disabled only gets its files, and one that is enabled is started and stopped again', async () => {
    await on(
      'docker stop dt-web dt-second; systemctl stop docker.socket docker; systemctl disable docker.socket docker',
    );
    const disabled = await seen();
    const first = await prepared(lab(), host, (await plan({ mtu: 1450 })).changes);
    expect((await first.apply()).at(-1)).toEqual(ended);
    expect(await on('systemctl is-active docker.service || :')).toBe('inactive\n');
    await first.undo();
    expect(await seen()).toEqual(disabled);

    await on('systemctl enable docker.socket docker; systemctl start docker.socket');
    const onlySocket = await seen();
    const second = await prepared(lab(), host, (await plan({ mtu: 1450 })).changes);
    expect((await second.apply()).at(-1)).toEqual(ended);
    expect(await on('systemctl is-active docker.service')).toBe('active\n');
    expect((await plan({ mtu: 1450 })).changes).toEqual([]);
    await second.undo();
    expect(await seen()).toEqual(onlySocket);
    await on(
      'systemctl reset-failed docker.service docker.socket; systemctl start docker; docker start dt-web dt-second',
    );
  });
});
