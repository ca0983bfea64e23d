import { pinSocket } from '../facts/docker/socket.ts';
import { type Swarm, swarmFact } from '../facts/docker/swarm.ts';
import { type Facts, UnknownFact } from '../facts/fact.ts';
import { argument, nothing, oneOf, recordOf } from '../facts/schema.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, type FieldDiff, none, type Parts, type Primitive } from './change.ts';
import { thing } from './thing.ts';
import { type TakenValue, valueFile } from './values.ts';

/** What a host is in a swarm. */
export interface SwarmMembership {
  readonly role: 'manager' | 'worker';
  /** The host that made the swarm, by its name in the inventory. */
  readonly manager: string;
  /** Where the others reach it. */
  readonly address: string;
  /** The address that this host announces to the others. Undefined: Docker chooses it by its routes. */
  readonly advertise?: string;
}

/** Docker makes a swarm, or joins the one that another host has made. */
export interface SwarmChange extends ChangeBase {
  readonly type: 'swarm';
  /** A host is in one swarm at most, and leaves none for another. */
  readonly before: null;
  readonly after: SwarmMembership;
}

/** The port of managers, which docker(1) takes where none is said. */
const port = 2377;

export function managerAddress(address: string): string {
  return `${address}:${port}`;
}

export const swarmPrimitive: Primitive<SwarmChange> = {
  type: 'swarm',
  schema: changeSchema<SwarmChange>('swarm', {
    before: nothing,
    after: recordOf<SwarmMembership>(
      { role: oneOf('manager', 'worker'), manager: argument, address: argument },
      { advertise: argument },
    ),
  }),
  scope: 'docker',
  risks: [],
  stage: 'main',
  needsSettled: true,
  touches: () => [thing.docker],
  moves: none,
  tunnelEnds: none,
  gives: ({ after: { role } }) => (role === 'manager' ? ['swarm-worker-token'] : []),
  takes: ({ after }) => (after.role === 'manager' ? [] : [tokenOf(after)]),
  limit: () => 180,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: ({ after: { manager } }) => ({ action: 'create', noun: 'Docker swarm', target: manager }),
  fields,
  predict,
  paths: () => ['/var/lib/docker', '/run', '/sys', '/proc'],
  save: () => lines(socket, saveBridge),
  apply: ({ after }) => lines(socket, after.role === 'manager' ? init(after) : join(after)),
  undo: () => lines(socket, leave),
  recheck: { queries: () => [swarmFact], parts, makes: none, uses: () => [thing.docker], leaves: none },
};

function tokenOf({ manager }: SwarmMembership): TakenValue {
  return { name: 'swarm-worker-token', from: manager };
}

function fields({ after: { role, manager, address, advertise } }: SwarmChange): FieldDiff[] {
  return [
    { field: 'role', after: role },
    { field: 'address of the manager', after: address },
    ...(advertise === undefined ? [] : [{ field: 'advertised address', after: advertise }]),
    ...(role === 'manager' ? [] : [{ field: 'join token', after: `given by ${manager} during the run` }]),
  ];
}

function predict({ after: { role, address, advertise } }: SwarmChange, facts: Facts): Facts {
  return facts.update(
    swarmFact,
    (now): Swarm => ({
      ...now,
      state: 'active',
      manager: role === 'manager',
      address: role === 'manager' ? address : (advertise ?? ''),
      managers: [managerAddress(address)],
    }),
  );
}

function parts({ after: { address } }: SwarmChange, facts: Facts): Parts {
  const { state, managers } = facts.get(swarmFact);
  // The daemon keeps its swarm on its disk, and is in it again once it starts.
  if (state === 'stopped') throw new UnknownFact('Docker does not run and cannot say which swarm it is in');
  if (state === 'inactive') return { 'Docker swarm': null };
  const own = managerAddress(address);
  return { 'Docker swarm': `of ${managers.includes(own) ? own : managers.join(', ')}` };
}

// No context or DOCKER_HOST of a user's.
const socket = raw(pinSocket);

// Docker makes this bridge for its first swarm, and leaves it when it leaves the swarm (measured, 20.10).
const bridge = 'docker_gwbridge';

const saveBridge =
  raw(`if ! systemctl is-active --quiet docker.service || ! docker network inspect ${bridge} >/dev/null 2>&1; then
  : >"$before/no-bridge"
fi`);

// What it prints holds the token.
function init({ address }: SwarmMembership): Sh {
  return sh`timeout 120 docker swarm init --advertise-addr ${address} >/dev/null`;
}

/**
 * Through the daemon's API, since docker(1) takes the token as an argument, which any user of the host can read. The
 * connection is held open until the answer arrives: the daemon cancels requests without a waiting client.
 */
function join({ manager, address, advertise, role }: SwarmMembership): Sh {
  const body = {
    ListenAddr: `0.0.0.0:${port}`,
    AdvertiseAddr: advertise ?? '',
    RemoteAddrs: [managerAddress(address)],
  };
  const file = valueFile(tokenOf({ manager, address, role }));
  return lines(
    sh`token=$(cat "$values"/${file})`,
    sh`body=${`${JSON.stringify(body).slice(0, -1)},"JoinToken":"`}$token'"}'`,
    raw(`answer=$values/answer
: >"$answer"
{
  printf 'POST /swarm/join HTTP/1.0\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "\${#body}" "$body"
  tries=0
  while ! [ -s "$answer" ] && [ "$tries" -lt 1200 ]; do sleep 0.1; tries=$((tries + 1)); done
} | timeout 120 docker system dial-stdio >"$answer" || :
if ! head -n 1 "$answer" | grep -q ' 200 '; then
  echo 'Docker does not join the swarm:' >&2
  sed 's/SWMTKN-[0-9a-z-]*/***/g' "$answer" >&2
  exit 1
fi`),
  );
}

// Containers of the swarm leave the bridge a moment after the host has left the swarm.
const leave = raw(`if ! command -v docker >/dev/null; then exit 0; fi
stopped=
if ! systemctl is-active --quiet docker.service; then
  if ! [ -s /var/lib/docker/swarm/docker-state.json ]; then exit 0; fi
  stopped=yes
  systemctl start docker.service
fi
state=$(timeout 30 docker info --format '{{.Swarm.LocalNodeState}}')
if [ "$state" != inactive ]; then timeout 90 docker swarm leave --force >/dev/null; fi
if [ -e "$before/no-bridge" ]; then
  tries=0
  while docker network inspect ${bridge} >/dev/null 2>&1 && ! docker network rm ${bridge} >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ]; then notice 'Docker keeps its network ${bridge}, which is still in use'; break; fi
    sleep 0.2
  done
fi
if [ -n "$stopped" ]; then systemctl stop docker.service; fi`);
