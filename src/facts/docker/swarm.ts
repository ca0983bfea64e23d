import { raw } from '../../sh/sh.ts';
import type { FactFamily, FactQuery } from '../fact.ts';
import { flag, list, oneOfAll, record, text } from '../schema.ts';
import { readAnswer, Unreadable } from '../unreadable.ts';
import { pinSocket } from './socket.ts';

/** The states of a node in a swarm, in Docker's words; `stopped`: the daemon doesn't run. */
type SwarmState = 'stopped' | 'inactive' | 'pending' | 'active' | 'error' | 'locked';

/** What Docker reports about the host's swarm. */
export interface Swarm {
  readonly state: SwarmState;
  /** Whether the host is one of its managers. */
  readonly manager: boolean;
  /** The address that the host advertises; empty in no swarm. */
  readonly address: string;
  /** Addresses of the managers that the host knows, with their ports, sorted. */
  readonly managers: readonly string[];
  /** Whether containers outlive a restart of the daemon: then it joins no swarm. */
  readonly liveRestore: boolean;
}

export const noSwarm: Swarm = {
  state: 'inactive',
  manager: false,
  address: '',
  managers: [],
  liveRestore: false,
};

const swarms: FactFamily<Swarm> = {
  name: 'docker_swarm',
  command: 'docker info',
  schema: record({
    state: oneOfAll<SwarmState>({
      stopped: true,
      inactive: true,
      pending: true,
      active: true,
      error: true,
      locked: true,
    }),
    manager: flag,
    address: text,
    managers: list(text),
    liveRestore: flag,
  }),
  // A daemon that doesn't run isn't asked: docker.socket would start it (law 4).
  query: () =>
    raw(`if ! systemctl is-active --quiet docker.service; then echo stopped; exit 0; fi
${pinSocket}
timeout 10 docker info --format '{"LiveRestore":{{json .LiveRestoreEnabled}},"Swarm":{{json .Swarm}}}' 2>/dev/null || echo dead`),
  parse,
  canonical: ({ managers, ...rest }) => ({ ...rest, managers: [...managers] }),
};

export const swarmFact: FactQuery<Swarm> = { family: swarms, key: '' };

function parse(output: string): ReadonlyMap<string, Swarm> {
  const answer = output.trim();
  if (answer === 'dead') throw new Unreadable('docker.service is active, but does not answer within 10 s');
  if (answer === 'stopped') return new Map([['', { ...noSwarm, state: 'stopped' }]]);
  return new Map([['', readAnswer('docker info', answer, swarmOf)]]);
}

interface Info {
  readonly LiveRestore: boolean;
  readonly Swarm: {
    readonly LocalNodeState: SwarmState;
    readonly ControlAvailable: boolean;
    readonly NodeAddr: string;
    readonly RemoteManagers: readonly { readonly Addr: string }[] | null;
  };
}

function swarmOf(answer: string): Swarm {
  const { LiveRestore, Swarm: node } = JSON.parse(answer) as Info;
  return {
    state: node.LocalNodeState || 'inactive',
    manager: node.ControlAvailable,
    address: node.NodeAddr,
    managers: (node.RemoteManagers ?? []).map(({ Addr }) => Addr).sort(),
    liveRestore: LiveRestore,
  };
}
