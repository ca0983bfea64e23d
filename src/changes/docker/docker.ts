import { dockerFact } from '../../facts/docker/docker.ts';
import { type DockerOptions, daemonWith, dockerOptions } from '../../facts/docker/options.ts';
import type { Facts } from '../../facts/fact.ts';
import { closed, either, flag, integer, list, nothing, recordOf, text } from '../../facts/schema.ts';
import { raw } from '../../sh/sh.ts';
import {
  type ChangeBase,
  changeSchema,
  type FieldDiff,
  none,
  type Parts,
  type Primitive,
} from '../change.ts';
import { thing } from '../thing.ts';

/**
 * The Docker daemon takes up options that stand in its files: what a restart brings about, for a reviewer and
 * for later steps. The restart itself is the settle action `docker`, which every such change asks for.
 */
export interface DockerChange extends ChangeBase {
  readonly type: 'docker';
  /** In effect now, of those in `after`; null: the daemon doesn't run. */
  readonly before: DockerOptions | null;
  /** Only what is known to differ. */
  readonly after: DockerOptions;
  /** Containers that stop for the restart and are started again, by name. */
  readonly restarted: readonly string[];
  /** Running containers that the restart deletes, since they were run with `--rm`. */
  readonly deleted: readonly string[];
  /** Those of `restarted` that can't start again, each with what it mounts and what is gone: `web (/srv/web)`. */
  readonly lost?: readonly string[];
  readonly settle: readonly ['docker'];
}

const options = closed(
  recordOf<DockerOptions>(
    {},
    {
      bridge: text,
      subnet: text,
      fixed_cidr: text,
      default_gateway: text,
      mtu: integer,
      icc: flag,
      ip_masq: flag,
    },
  ),
);

export const dockerPrimitive: Primitive<DockerChange> = {
  type: 'docker',
  schema: changeSchema<DockerChange>(
    'docker',
    { before: either(options, nothing), after: options, restarted: list(text), deleted: list(text) },
    { lost: list(text) },
  ),
  scope: 'live',
  risks: ['restarts-docker'],
  stage: 'main',
  needsSettled: false,
  touches: () => [thing.docker],
  moves: none,
  tunnelEnds: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: ({ before }) => ({
    action: before === null ? 'create' : 'update',
    noun: 'Docker daemon',
    target: 'docker.service',
  }),
  fields,
  predict,
  apply: () => raw(':'),
  undo: () => raw(':'),
  recheck: {
    queries: () => [dockerFact],
    parts,
    makes: () => [thing.docker],
    // Without its bridge and the bridge's address, a daemon that is left as it is doesn't start again.
    uses: ({ after: { bridge } }) =>
      bridge === undefined
        ? []
        : [thing.link(bridge), thing.addresses(bridge), thing.settings(bridge), thing.boot(bridge)],
    leaves: none,
  },
};

/** A daemon that doesn't run says nothing, and is no conflict: it counts as the run left it. */
function parts({ after }: DockerChange, facts: Facts): Parts {
  const { daemon } = facts.get(dockerFact);
  const now = daemon === null ? after : dockerOptions(daemon);
  return Object.fromEntries(
    Object.keys(after).map((option) => {
      const value = now[option as keyof DockerOptions];
      return [`Docker's ${option}`, value === undefined ? null : String(value)];
    }),
  );
}

function fields({ before, after, restarted, deleted, lost = [] }: DockerChange): FieldDiff[] {
  const changed = Object.entries(after).map(([field, value]): FieldDiff => {
    const was = before?.[field as keyof DockerOptions];
    return { field, ...(was === undefined ? {} : { before: was }), after: value };
  });
  return [
    ...changed,
    ...names('containers that stop for the restart', restarted),
    ...names('containers that are deleted (--rm)', deleted),
    ...names('containers that do not start again, since what they mount is gone', lost),
  ];
}

function names(field: string, all: readonly string[]): FieldDiff[] {
  return all.length === 0 ? [] : [{ field, after: all.join(', ') }];
}

function predict({ after }: DockerChange, facts: Facts): Facts {
  return facts.update(dockerFact, (docker) => ({
    ...docker,
    active: 'active',
    daemon: daemonWith(docker.daemon, after),
  }));
}
