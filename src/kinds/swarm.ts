import { managerAddress, type SwarmChange, type SwarmMembership } from '../changes/swarm.ts';
import { type Swarm, swarmFact } from '../facts/docker/swarm.ts';
import type { Facts } from '../facts/fact.ts';
import { unitFact } from '../facts/unit.ts';
import { tidy } from '../json/records.ts';
import { defineKind, type KindPlan, type Problem } from './define-kind.ts';

export default defineKind({
  name: 'swarm',
  summary: 'The hosts are one Docker swarm: one host makes it, the others join as workers.',
  description: `
The same step runs on all hosts of the swarm. The host that \`manager\` names makes the swarm
(\`docker swarm init\`); every other host joins it as a worker. They need the manager's join token, which only the
manager knows: it is read there during the run, once the swarm exists, and handed to the hosts that wait for it. It is
in no plan, no record and no argument of a program; on a host that joins, it is in a file that only root can read, in
memory, until the host has joined. So the manager must be among the hosts of the run as long as a host has to join,
also with \`--limit\`.

A host that is in another swarm is an error: meshbook makes no host leave one. A host that is in the swarm already, also
as another manager, stays as it is. Docker must run. It refuses a swarm together with \`live-restore\`.

Managers listen on TCP port 2377. Overlay networks need UDP port 4789 and TCP and UDP port 7946 between the hosts as
well: a VXLAN overlay of Open vSwitch on the same port gets in their way.

Undo: a host that the run let in leaves the swarm, and the manager gives it up; what others have added to the swarm
since (services, networks, secrets) is lost with it. Docker's network \`docker_gwbridge\`, which it makes for its first
swarm, goes as well. If the host boots before the run is confirmed, it leaves once Docker is up.`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['manager', 'manager_address'],
    properties: {
      manager: {
        type: 'string',
        minLength: 1,
        description: 'The host that makes the swarm, by its name in the inventory.',
      },
      manager_address: {
        type: 'string',
        format: 'ip-address',
        description:
          'The address at which the other hosts reach the manager; it is the one that it advertises.',
      },
      advertise_address: {
        type: 'string',
        format: 'ip-address',
        description:
          'The address that a host which joins tells the others. Default: the one from which it reaches the manager.',
      },
    },
  },
  examples: [
    {
      title: 'All hosts of the play are one swarm',
      params: { manager: 'docker1', manager_address: '192.0.2.11' },
    },
  ],
  describes: () => [
    { is: 'daemon', does: 'uses', name: 'Docker' },
    ...['docker.io', 'docker-ce'].map((name) => ({ is: 'package', does: 'uses', name }) as const),
  ],
  facts: () => [swarmFact, unitFact('docker.service')],
  plan: ({ manager, manager_address: address, advertise_address }, facts, { host }) => {
    const role: SwarmMembership['role'] = manager === host ? 'manager' : 'worker';
    const advertise = role === 'manager' ? undefined : advertise_address;
    const after: SwarmMembership = tidy({ role, manager, address, advertise });
    const change: SwarmChange = { type: 'swarm', before: null, after };
    const now = facts.get(swarmFact);
    if (now.state === 'stopped') return daemonStopped(change, facts);
    if (now.state === 'inactive') {
      return now.liveRestore ? { changes: [], problems: [liveRestore] } : { changes: [change] };
    }
    const problem = role === 'manager' ? notManager(now, address) : notOf(now, manager, address);
    return { changes: [], problems: problem === undefined ? [] : [problem] };
  },
});

/** Docker says nothing until it runs; the change is decided on the host if an earlier step starts it. */
function daemonStopped(change: SwarmChange, facts: Facts): KindPlan {
  const starts = ['active', 'activating'].includes(facts.get(unitFact('docker.service'))?.active ?? '');
  if (starts)
    return { changes: [change], unknowns: ['whether the host is in a swarm: an earlier step starts Docker'] };
  const problem: Problem = {
    code: 'swarm-needs-daemon',
    message: 'Docker does not run on this host',
    hint: 'start it with a service step before this one',
  };
  return { changes: [], problems: [problem] };
}

const liveRestore: Problem = {
  code: 'swarm-and-live-restore',
  message: 'Docker runs with live-restore, and joins no swarm with it',
  hint: 'remove live-restore from its options and restart it',
};

function notManager({ manager, address: now, managers }: Swarm, address: string): Problem | undefined {
  if (!manager) return elsewhere(`this host is a worker of the swarm of ${managers.join(', ')}`, ['manager']);
  if (now === address) return undefined;
  return elsewhere(`this host manages a swarm already, as ${now}`, ['manager_address']);
}

function notOf({ managers }: Swarm, manager: string, address: string): Problem | undefined {
  if (managers.includes(managerAddress(address))) return undefined;
  const known = managers.join(', ') || 'managers that it does not know';
  return elsewhere(`this host is in the swarm of ${known}, not in that of ${manager}`, ['manager_address']);
}

function elsewhere(message: string, path: readonly string[]): Problem {
  return {
    code: 'swarm-elsewhere',
    message,
    path,
    hint: 'if nobody needs that swarm, leave it by hand: docker swarm leave --force',
  };
}
