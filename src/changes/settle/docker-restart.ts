import { containerFact } from '../../facts/docker/container.ts';
import { containerAddressesFact } from '../../facts/docker/container-addresses.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import { type DockerOptions, daemonWith, dockerOptions } from '../../facts/docker/options.ts';
import type { Facts } from '../../facts/fact.ts';
import { interfacesFact, interfacesIn, isVolatileInterface } from '../../facts/interfaces.ts';
import { routesIn } from '../../facts/routes.ts';
import type { FieldDiff, Parts } from '../change.ts';
import { dockerRestart as script } from '../docker/restart.ts';
import { diffField } from '../fields.ts';
import { thing } from '../thing.ts';
import { type DockerEffect, type DockerRestart, settleSchemas } from './action.ts';
import type { SettleType } from './settle-type.ts';

const [restarts, stays] = ['docker', 'docker-stopped'];

/** The Docker daemon reads the options in its files; `docker/restart.ts` has the commands. */
export const dockerRestart: SettleType<DockerRestart> = {
  type: 'docker-restart',
  schema: settleSchemas['docker-restart'],
  key: ({ stopped }) => (stopped ? stays : restarts),
  fromKey: (key) => {
    if (key === restarts) return { type: 'docker-restart' };
    return key === stays ? { type: 'docker-restart', stopped: true } : undefined;
  },
  words: ({ stopped }) => (stopped ? 'leave Docker stopped: only its files are written' : 'restart Docker'),
  merge,
  // Units that it needs are restarted first.
  rank: 2,
  scope: 'live',
  limit: 600,
  risks: ({ stopped, brings }) => [
    ...(namesOf(brings).length > 0 ? (['drops-traffic'] as const) : []),
    ...(stopped ? [] : (['restarts-docker'] as const)),
  ],
  touches: () => [thing.docker],
  // A container that is started again has a new network namespace, with only what Docker puts there.
  destroys: ({ brings }) => namesOf(brings).map(thing.containerNamespace),
  title: ({ brings }) => ({
    action: brings?.before === null ? 'create' : 'update',
    noun: 'Docker daemon',
    target: 'docker.service',
  }),
  fields: ({ brings }) => (brings === undefined ? [] : fields(brings)),
  predict,
  save: () => script.save,
  apply: () => script.apply,
  undo: () => script.undo,
  recheck: {
    queries: () => [dockerFact],
    parts,
    // A daemon that doesn't run doesn't tell its options.
    whole: ({ brings }) =>
      brings?.before === null ? { wanted: 'running', found: 'not running' } : undefined,
    makes: () => [thing.docker],
    // Without its bridge and the bridge's address, an unchanged daemon doesn't start again.
    uses: ({ brings }) => {
      const bridge = brings?.after.bridge;
      return bridge === undefined
        ? []
        : [thing.link(bridge), thing.addresses(bridge), thing.settings(bridge), thing.boot(bridge)];
    },
    leaves: () => [],
  },
};

/** The containers that stop. */
function namesOf(brings: DockerEffect | undefined): string[] {
  return brings === undefined ? [] : [...brings.restarted, ...brings.deleted];
}

/** From the options before both to those after both, with the containers that run by then. */
function merge(first: DockerRestart, second: DockerRestart): DockerRestart {
  const [one, other] = [first.brings, second.brings];
  if (one === undefined || other === undefined) return one === undefined ? second : first;
  const own = Object.entries(other.before ?? {}).filter(([option]) => !Object.hasOwn(one.after, option));
  const before = one.before === null ? null : { ...Object.fromEntries(own), ...one.before };
  return { ...second, brings: { ...other, before, after: { ...one.after, ...other.after } } };
}

/** A daemon that doesn't run is no conflict: it counts as the run left it. */
function parts({ brings }: DockerRestart, facts: Facts): Parts {
  const { after = {} } = brings ?? {};
  const { daemon } = facts.get(dockerFact);
  const now = daemon === null ? after : dockerOptions(daemon);
  return Object.fromEntries(
    Object.keys(after).map((option) => {
      const value = now[option as keyof DockerOptions];
      return [`Docker's ${option}`, value === undefined ? null : String(value)];
    }),
  );
}

function fields({ before, after, restarted, deleted, lost = [] }: DockerEffect): FieldDiff[] {
  return [
    ...Object.entries(after).flatMap(([field, value]) =>
      diffField(field, before?.[field as keyof DockerOptions], value),
    ),
    ...names('containers that stop for the restart', restarted),
    ...names('containers that are deleted (--rm)', deleted),
    ...names('containers that do not start again, since what they mount is gone', lost),
  ];
}

function names(field: string, all: readonly string[]): FieldDiff[] {
  return all.length === 0 ? [] : [{ field, after: all.join(', ') }];
}

function predict({ brings }: DockerRestart, facts: Facts): Facts {
  if (brings === undefined) return facts;
  const next = facts.update(dockerFact, (docker) => ({
    ...docker,
    active: 'active',
    daemon: daemonWith(docker.daemon, brings.after),
  }));
  return brings.deleted.reduce(
    (now, name) => now.update(containerFact(name), () => null).update(interfacesIn(name), () => []),
    brings.restarted.reduce(withNewNamespace, next),
  );
}

/** What Docker itself puts into a namespace comes back with it, on a host's interface with a new name. */
function withNewNamespace(facts: Facts, container: string): Facts {
  const gone = (facts.find(interfacesIn(container)) ?? []).filter(
    ({ peer }) => peer !== undefined && !isVolatileInterface(peer),
  );
  if (gone.length === 0) return facts;
  const isGone = (name: unknown) => gone.some((link) => link.name === name);
  return facts
    .update(interfacesIn(container), (links) => links.filter(({ name }) => !isGone(name)))
    .update(routesIn(container), (routes) => routes.filter(({ dev }) => !isGone(dev)))
    .update(interfacesFact, (links) => links.filter(({ name }) => !gone.some(({ peer }) => peer === name)))
    .update(containerAddressesFact, (all) =>
      all.map((one) => {
        const own = gone.flatMap(({ addresses }) => addresses);
        return one.containers.includes(container)
          ? { ...one, addresses: one.addresses.filter((address) => !own.includes(address)) }
          : one;
      }),
    );
}
