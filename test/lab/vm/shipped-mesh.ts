import type { Fault } from '../faults/faults.ts';
import type { Fleet } from '../faults/fleet.ts';
import type { Point } from '../faults/points.ts';
import type { FaultCase } from '../faults/run-case.ts';

const mesh = new URL('../../../playbooks/ovs-gre-docker.yml', import.meta.url).pathname;

/** Containers that Docker restarts at boot; everything is being written to disk when the hosts go down. */
const allRebooted: Fault = {
  name: 'all hosts rebooted by systemctl, containers running',
  reboots: 'all',
  inject: async ({ fleet }) => {
    for (const host of fleet.hosts)
      await fleet.on(host, 'docker run -d --restart always --name mesh-test lab-web');
    for (const host of fleet.hosts) await fleet.on(host, 'systemctl --no-block reboot');
  },
};

const afterConfirm: Point = {
  name: `after the confirm of ${mesh.split('/').at(-1)}`,
  play: { path: mesh },
  host: 'docker2',
  at: ({ type }) => type === 'run-finished',
};

/**
 * The shipped playbook on the kernel's own datapath: its checks have passed when it is confirmed, everything is the
 * same after a reboot of all hosts, and its undo restores the state before that boot.
 */
export const shippedMesh: readonly FaultCase[] = [
  {
    fault: allRebooted,
    point: afterConfirm,
    end: 'planned',
    exits: [0],
    ownPlan: true,
    // Docker no longer makes it, now that it has another bridge.
    leftover: 'docker0',
    // Without a fixed MAC, Open vSwitch chooses a new one at each boot.
    randomMacs: ['ovs_bridge'],
    also: async ({ fleet }) => (await meshWrong(fleet)) || undefined,
  },
];

/** What is wrong with the mesh after the boot; removes the containers. */
async function meshWrong(fleet: Fleet): Promise<string> {
  const addresses = new Map<string, string>();
  for (const host of fleet.hosts) {
    const find = `until [ "$(docker inspect -f '{{.State.Running}}' mesh-test)" = true ]; do sleep 1; done
docker inspect -f '{{.NetworkSettings.IPAddress}}' mesh-test`;
    addresses.set(host, await fleet.on(host, `timeout 120 sh -c ${quoted(find)}`));
  }
  const wrong: string[] = [];
  for (const host of fleet.hosts) {
    for (const [other, address] of addresses) {
      const ping = `docker exec mesh-test ping -c 1 -s 1400 -W 10 ${address} >/dev/null && echo answers || :`;
      if (other !== host && (await fleet.on(host, ping)) !== 'answers')
        wrong.push(`the container on ${host} doesn't reach that on ${other}, ${address}`);
    }
  }
  for (const host of fleet.hosts) await fleet.on(host, 'docker rm -f mesh-test');
  for (const words of [['plan', '--detailed-exitcode'], ['check']]) {
    const { exitCode, stdout } = await fleet.ask([...words, mesh]);
    if (exitCode !== 0) wrong.push(`${words[0]} ends with ${exitCode} after the boot: ${stdout}`);
  }
  return wrong.join('; ');
}

function quoted(script: string): string {
  return `'${script.replaceAll("'", "'\\''")}'`;
}
