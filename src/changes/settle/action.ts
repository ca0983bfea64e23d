import type { DockerOptions } from '../../facts/docker/options.ts';
import {
  closed,
  either,
  flag,
  integer,
  list,
  nothing,
  recordOf,
  type Schema,
  text,
} from '../../facts/schema.ts';

/**
 * What must happen once after a group of changes, and once after their undo, for them to take effect. Like a change it
 * is a value: plain JSON. What is known of its type is in `registry.ts`.
 */
export type SettleAction = DaemonReload | UnitRestart | DockerRestart;

/** systemd reads its unit files again. */
export interface DaemonReload {
  readonly type: 'daemon-reload';
}

/** A unit is restarted if it runs. */
export interface UnitRestart {
  readonly type: 'unit-restart';
  /** With its suffix. */
  readonly unit: string;
}

/** The Docker daemon is restarted and waited for, and its containers are started again. */
export interface DockerRestart {
  readonly type: 'docker-restart';
  /**
   * The daemon doesn't run and isn't to be started: it stays stopped and reads its files when somebody starts it. One
   * that runs by the time of an undo is restarted.
   */
  readonly stopped?: true;
  /** Left out: a step says that elsewhere, or nothing is known. */
  readonly brings?: DockerEffect;
}

/** What a restart of Docker brings about. */
export interface DockerEffect {
  /** The options in effect now, of those in `after`; null: the daemon doesn't run. */
  readonly before: DockerOptions | null;
  /** Only what is known to differ. */
  readonly after: DockerOptions;
  /** Containers that stop for the restart and are started again, by name. */
  readonly restarted: readonly string[];
  /** Running containers that the restart deletes, because they were run with `--rm`. */
  readonly deleted: readonly string[];
  /** Those of `restarted` that can't start again, each with what it mounts and what is gone: `web (/srv/web)`. */
  readonly lost?: readonly string[];
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

/** What each type of settle action is like: it may come from a file. */
export const settleSchemas: Readonly<Record<SettleAction['type'], Schema>> = {
  'daemon-reload': recordOf<DaemonReload>({ type: { const: 'daemon-reload' } }),
  'unit-restart': recordOf<UnitRestart>({
    type: { const: 'unit-restart' },
    unit: { type: 'string', pattern: '^[^\\u0000]+$' },
  }),
  'docker-restart': recordOf<DockerRestart>(
    { type: { const: 'docker-restart' } },
    {
      stopped: { const: true },
      brings: recordOf<DockerEffect>(
        { before: either(options, nothing), after: options, restarted: list(text), deleted: list(text) },
        { lost: list(text) },
      ),
    },
  ),
};

/** Any settle action. */
export const settleSchema: Schema = either(...Object.values(settleSchemas));
