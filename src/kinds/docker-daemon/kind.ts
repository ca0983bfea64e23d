import { removeFile, writeFile } from '../../changes/file/file.ts';
import { type Docker, dockerFact } from '../../facts/docker/docker.ts';
import { configPath, dropInPath } from '../../facts/docker/files.ts';
import type { Facts } from '../../facts/fact.ts';
import { fileFact } from '../../facts/file.ts';
import { interfacesFact } from '../../facts/interfaces.ts';
import { unitFact } from '../../facts/unit.ts';
import { tidy } from '../../json/records.ts';
import { defineKind, type KindPlan, type Problem } from '../define-kind.ts';
import { foresee } from './foresight.ts';
import type { DefaultNetwork } from './network.ts';
import { check, describes } from './params.ts';
import { restart, settleOf } from './restart.ts';
import { tooFewAddresses } from './room.ts';
import { placesOf, settleOptions } from './settings.ts';

export default defineKind({
  name: 'docker_daemon',
  summary: 'The Docker daemon runs with these network options.',
  description: `
Options that the step doesn't name stay as they are. Each option is set in only one place, because Docker doesn't
start with one in two. If \`/etc/docker/daemon.json\` has the key already, its value is changed there and the rest of
the file stays; otherwise the option is added to the daemon's command line, by the drop-in \`${dropInPath}\`. The
drop-in repeats the command line that docker.service has without it, so flags of other drop-ins stay, and the same
options in them are replaced. Conflicting options in \`$DOCKER_OPTS\` (\`/etc/default/docker\`, \`/etc/sysconfig/docker\`)
are an error that names the place.

With \`bridge\`, Docker starts after the host's network services and waits up to 30 s for the bridge and its IPv4
address; after that systemd retries. The bridge must be a Linux bridge: Docker can't use an Open vSwitch bridge, but
that can be a member of it.

If it is foreseeable that Docker would not start, it is an error, and nothing is stopped: a key or value in
daemon.json that the host's version refuses, an option both there and on the command line, a gateway outside the
bridge's network, a bridge or a range of another Docker network. All options that Docker will use count, also those
that the step doesn't name. Of several IPv4 addresses of the bridge, Docker up to 27 uses the first, unless
\`fixed_cidr\` contains another one; from 28 on, the first whose network contains \`fixed_cidr\`.

The daemon is restarted when a file changes, and also when the files are right but the running daemon doesn't use
them. (For \`iptables\` this can't be detected.) Running containers stop for the restart and are started again in their
old order; those that need another's network, PIDs or IPC start after that one, and paused ones are paused again. A
container that can't start again is reported with the reason, and fails neither the run nor its undo; if that is
foreseeable, because a path that it mounts is gone, the plan names it. A container that was stopped before, and that
Docker starts because of its restart policy, is stopped again. On the default network, containers may get other
addresses; more running containers than addresses are an error. With live-restore they are also stopped, because the
daemon would otherwise ignore changed networks. Any restart of the daemon deletes containers run with \`--rm\`: the plan
names them. A stopped daemon is started if it is enabled; otherwise only the files are written, and the plan says so.
If the daemon doesn't start or answer within 60 s, the run fails and shows the daemon's output.

When another bridge replaces docker0, docker0 stays until the next boot, without containers.

Undo restores the files, restarts the daemon and starts the containers that ran when the undo began. Packet filter
rules that Docker leaves behind for a removed bridge are deleted one by one. With \`state: absent\` the drop-in is
removed; values in daemon.json stay.`,
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      bridge: {
        type: 'string',
        pattern: '^(?!none$)[A-Za-z0-9_.-]{1,15}$',
        'x-error':
          "a bridge for Docker is a Linux bridge's name of at most 15 letters, digits, '.', '_' and '-'",
        description:
          'The Linux bridge of the default network, with an IPv4 address. Excludes `bip`. Default: `docker0`.',
      },
      bip: {
        type: 'string',
        format: 'interface-address',
        description:
          "docker0's address with its prefix length, `172.20.1.1/24`. Excludes `bridge`. Default: Docker chooses.",
      },
      fixed_cidr: {
        type: 'string',
        format: 'cidr',
        description:
          "The part of the bridge's network from which containers get addresses. Default: all of it.",
      },
      default_gateway: {
        type: 'string',
        format: 'ip-address',
        description:
          "The containers' default gateway, in the bridge's network. Default: the bridge's address.",
      },
      mtu: {
        type: 'integer',
        minimum: 68,
        maximum: 65535,
        description: "The MTU of containers on the default network, bytes. Default: Docker's own, 1500.",
      },
      icc: {
        type: 'boolean',
        description:
          "Whether containers on the default network reach each other. Default: Docker's own, `true`.",
      },
      ip_masq: {
        type: 'boolean',
        description: "Whether outgoing traffic of containers is masqueraded. Default: Docker's own, `true`.",
      },
      iptables: {
        type: 'boolean',
        description: "Whether Docker makes packet filter rules. Default: Docker's own, `true`.",
      },
      state: {
        enum: ['present', 'absent'],
        description:
          "Whether meshbook's drop-in exists; without it the other params have no effect. Default: `present`.",
      },
    },
  },
  examples: [
    {
      title: 'A bridge of its own, joined to other hosts',
      params: { bridge: 'newbridge', fixed_cidr: '10.11.12.128/26', mtu: 1450 },
    },
    {
      title: 'One subnet per host, routed between hosts',
      params: { bip: '10.1.15.1/24', mtu: 1450, ip_masq: false },
    },
    { title: "Docker's defaults again", params: { state: 'absent' } },
  ],
  check,
  describes,
  takesAway: (thing) => (thing.is === 'file' && thing.path === dropInPath ? { state: 'absent' } : undefined),
  facts: () => [
    dockerFact,
    unitFact('docker.service'),
    fileFact(dropInPath),
    fileFact(configPath),
    interfacesFact,
  ],
  plan: (params, facts) => {
    const docker = facts.get(dockerFact);
    if (params.state === 'absent') return planAbsent(docker, facts);
    if (!docker.installed) return needsDocker(facts);
    const { state, ...wanted } = params;
    const places = placesOf(docker, facts.get(fileFact(configPath)));
    if ('problems' in places) return { changes: [], problems: places.problems };
    const files = settleOptions(wanted, places);
    const foreseen = foresee(wanted, places, facts);
    const problems = [...('problems' in files ? files.problems : []), ...foreseen.problems];
    if ('problems' in files || problems.length > 0) return { changes: [], problems };

    const settle = settleOf(docker);
    const placed = [
      files.config === undefined
        ? undefined
        : writeFile(
            configPath,
            facts.get(fileFact(configPath)),
            { content: files.config },
            { settle: settle.slice(1) },
          ),
      files.dropIn === null
        ? removeFile(dropInPath, facts.get(fileFact(dropInPath)), { settle })
        : writeFile(
            dropInPath,
            facts.get(fileFact(dropInPath)),
            { ...ours, content: files.dropIn },
            { settle },
          ),
    ].filter((change) => change !== undefined);
    const { bip, iptables, ...visible } = wanted;
    const options = tidy({ ...visible, subnet: foreseen.subnet });
    const path = wanted.fixed_cidr === undefined ? undefined : ['fixed_cidr'];
    return withRoom(
      { changes: placed, ...restart(docker, options, placed.length > 0) },
      docker,
      foreseen,
      path,
    );
  },
});

const ours = { mode: '0644', owner: 'root', group: 'root' };

/** When the drop-in is removed, Docker is restarted, and must be able to start with the rest. */
function planAbsent(docker: Docker, facts: Facts): KindPlan {
  const removed = removeFile(dropInPath, facts.get(fileFact(dropInPath)), { settle: settleOf(docker) });
  if (removed === undefined) return { changes: [] };
  if (!docker.installed && docker.active === 'active') return needsDocker(facts);
  const places = docker.installed ? placesOf(docker, facts.get(fileFact(configPath))) : undefined;
  const foreseen: DefaultNetwork =
    places === undefined ? { problems: [] } : 'problems' in places ? places : foresee({}, places, facts);
  return foreseen.problems.length > 0
    ? { changes: [], problems: foreseen.problems }
    : withRoom({ changes: [removed], ...restart(docker, {}, true) }, docker, foreseen, undefined);
}

/** The plan, unless it restarts Docker and its containers would have too few addresses. */
function withRoom(
  plan: KindPlan,
  { daemon }: Docker,
  { room }: DefaultNetwork,
  path: readonly string[] | undefined,
): KindPlan {
  const problems = plan.settle === undefined ? [] : tooFewAddresses(daemon?.containers ?? [], room, path);
  return problems.length > 0 ? { changes: [], problems } : plan;
}

/** After a package step that may install Docker the answer is "unknown". */
function needsDocker(facts: Facts): KindPlan {
  const masked = facts.get(unitFact('docker.service'))?.load === 'masked';
  if (masked) {
    const problem: Problem = {
      code: 'unit-masked',
      message: 'docker.service is masked, so that Docker cannot be started',
      hint: 'systemctl unmask docker',
    };
    return { changes: [], problems: [problem] };
  }
  const problem: Problem = {
    code: 'needs-docker',
    message: 'Docker is not installed: there is no docker.service',
    hint: "install it first, for example with a step 'package: { name: docker.io }'",
  };
  return { changes: [], problems: [problem] };
}
