import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostRestart } from '../../src/lab/lab.ts';
import { differences, type Snapshot } from '../../src/lab/snapshot.ts';
import { expectExit, lab, meanwhile, meshbook, on, snapshots, stateDir, write } from './cli.ts';

const host = 'docker3';
const playbook = (more: string) => `hosts: ${host}
steps:
  - linux_bridge: { name: dn-boot, address: 10.88.0.1/24 }
  - interfaces_file: { bridge: dn-boot, address: 10.88.0.1/24 }
  - docker_network: { name: booted, bridge: dn-boot, ip_range: 10.88.0.128/25 }
${more}`;

/** A power cut, until Docker is up again and what is to be undone is. */
async function reboot(): Promise<void> {
  await hostRestart(lab(), host);
  await on(
    host,
    'for i in $(seq 150); do systemctl is-active -q docker && ! ls /etc/systemd/system/meshbook-undo-* >/dev/null 2>&1 && exit 0; sleep 0.2; done; ls /etc/systemd/system; exit 1',
  );
}

/** As soon as the last step of the run is at work. */
async function rebootMeanwhile(): Promise<void> {
  await on(
    host,
    'for i in $(seq 300); do pgrep -f "sleep 60[0]" >/dev/null && exit 0; sleep 0.1; done; exit 1',
  );
  expect(await on(host, 'docker network ls --format "{{.Name}}"')).toContain('booted');
  await reboot();
}

describe.skipIf(stateDir === '').sequential('a Docker network over a boot', { timeout: 180_000 }, () => {
  let before: Snapshot | undefined;
  /** But for docker0, which gets another MAC at each boot. */
  const expectAsBefore = async () => {
    const now = (await snapshots([host])).get(host);
    const found = differences(before as Snapshot, now as Snapshot);
    expect(found.filter((line) => !line.includes('"name":"docker0"'))).toEqual([]);
  };
  beforeAll(async () => {
    before = (await snapshots([host])).get(host);
  });
  afterAll(async () => {
    await on(host, 'docker rm -f web >/dev/null 2>&1 || :').catch(() => undefined);
    while ((await meshbook('undo', '--last', '--yes', '--force')).exitCode === 0);
  });

  it('is undone by a boot with the run that made it, and leaves no bridge', async () => {
    const pending = write('pending.yml', playbook('  - command: { run: sleep 600, always: true }\n'));
    const { exitCode } = await meanwhile(host, rebootMeanwhile, 'apply', pending, '--yes');
    expect(exitCode).not.toBe(0);
    expect(await on(host, 'docker network ls --format "{{.Name}}"; ls /sys/class/net')).not.toMatch(
      /booted|dn-boot/,
    );
    await expectAsBefore();
  });

  it('is there after a boot, with its bridge and containers', async () => {
    const made = write('made.yml', playbook(''));
    await expectExit(0, 'apply', made, '--yes');
    await on(host, 'docker run -d --name web --restart always --init --network booted lab-web');
    await reboot();
    expect((await expectExit(0, 'plan', made, '--detailed-exitcode')).stdout).toContain('No changes.');
    const address = await on(host, "docker inspect -f '{{.NetworkSettings.Networks.booted.IPAddress}}' web");
    expect(
      await on(host, `timeout 10 wget -q -O - http://${address}/ || timeout 10 curl -s http://${address}/`),
    ).toContain('meshbook lab');
    await on(host, 'docker rm -f web');
    await expectExit(0, 'undo', '--last', '--yes');
    await expectAsBefore();
  });
});
