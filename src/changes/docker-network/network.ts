import { bridgeName, type DockerNetwork, type RunningDaemon } from '../../facts/docker/daemon.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import type { Facts } from '../../facts/fact.ts';
import { raw } from '../../sh/sh.ts';
import { type FieldDiff, networkPaths, none, type Primitive } from '../change.ts';
import { actionBetween, diffFields } from '../fields.ts';
import { thing } from '../thing.ts';
import { type ContainerNetworkChange, containerNetworkSchema, namedSettings } from './change.ts';
import { create, remove, renew, saveBridge, undoCreate, undoRemove, undoRenew } from './commands.ts';
import { networkMarks, networkTraces } from './marks.ts';
import { networkParts } from './parts.ts';

export const containerNetworkPrimitive: Primitive<ContainerNetworkChange> = {
  type: 'container_network',
  schema: containerNetworkSchema,
  scope: 'docker',
  // Docker keeps its networks beneath its data root.
  paths: () => [...networkPaths, '/var/lib/docker'],
  risks: [],
  stage: 'main',
  // A daemon that is to be restarted may still have the bridge for its default network.
  needsSettled: true,
  touches: ({ name }) => [thing.dockerNetwork(name)],
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: ({ reconnected = [], stopped = [] }) => 60 + 5 * (reconnected.length + stopped.length),
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: networkMarks,
  title: ({ name, before, after }) => ({
    action: actionBetween(before, after),
    noun: 'Docker network',
    target: name,
  }),
  fields,
  predict,
  save: ({ before, after }) => (before === null ? saveBridge(after?.options[bridgeName]) : raw('')),
  apply: ({ name, before, after }) =>
    after === null ? remove(name) : before === null ? create(name, after) : renew(name, after),
  undo: ({ name, before, after }) => {
    if (before === null) return undoCreate(name, after);
    return after === null ? undoRemove(name, before) : undoRenew(name, before);
  },
  recheck: {
    queries: () => [dockerFact],
    parts: networkParts,
    makes: ({ name, after }) => (after === null ? [] : [thing.dockerNetwork(name)]),
    // Containers on it are cut off without these.
    uses: ({ after }) => {
      const link = after?.options[bridgeName] ?? after?.options.parent;
      return link === undefined ? [] : [thing.link(link), thing.addresses(link), thing.settings(link)];
    },
    leaves: networkTraces,
  },
};

function fields({ before, after, reconnected = [], stopped = [] }: ContainerNetworkChange): FieldDiff[] {
  const named = (settings: typeof before) => (settings === null ? new Map() : namedSettings(settings));
  return [
    ...diffFields(named(before), named(after)),
    ...containers('containers that are disconnected and connected again', reconnected),
    ...containers('stopped containers that are disconnected and connected again', stopped),
  ];
}

function containers(field: string, names: readonly string[]): FieldDiff[] {
  return names.length === 0 ? [] : [{ field, after: names.join(', ') }];
}

function predict({ name, after }: ContainerNetworkChange, facts: Facts): Facts {
  return facts.update(dockerFact, (docker) =>
    docker.daemon === null ? docker : { ...docker, daemon: daemonAfter(docker.daemon, name, after) },
  );
}

function daemonAfter(
  daemon: RunningDaemon,
  name: string,
  after: ContainerNetworkChange['after'],
): RunningDaemon {
  const now = daemon.networks.find((network) => network.name === name);
  const rest = daemon.networks.filter((network) => network !== now);
  if (after === null) return { ...daemon, networks: rest };
  const members = now?.members === undefined ? {} : { members: now.members };
  const network: DockerNetwork = { name, ...after, ...members };
  return { ...daemon, networks: [...rest, network].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
