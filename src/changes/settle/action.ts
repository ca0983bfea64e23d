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
 * What must run once after a group of changes, and once after their undo, to make them effective. Like a change, it is
 * a value: plain JSON. Its type is defined in `registry.ts`.
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

/** The Docker daemon is restarted; waits for it and starts its containers again. */
export interface DockerRestart {
  readonly type: 'docker-restart';
  /**
   * The daemon doesn't run and isn't started: it stays stopped, and reads its files when someone starts it. One that
   * runs by the time of an undo is restarted.
   */
  readonly stopped?: true;
  /** Undefined: a step shows it elsewhere, or it is unknown. */
  readonly brings?: DockerEffect;
}

/** The effects of a restart of Docker. */
export interface DockerEffect {
  /** The present values of the options in `after`; null: the daemon doesn't run. */
  readonly before: DockerOptions | null;
  /** Only what is known to differ. */
  readonly after: DockerOptions;
  /** Containers that the restart stops and starts again, by name. */
  readonly restarted: readonly string[];
  /** Running containers that the restart deletes, because they were run with `--rm`. */
  readonly deleted: readonly string[];
  /** Those of `restarted` that can't start again, each with its missing mounts: `web (/srv/web)`. */
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

/** The schema of each type of settle action: an action may come from a file. */
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
