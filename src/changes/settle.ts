import type { Schema } from '../facts/schema.ts';
import type { Sh } from '../sh/sh.ts';
import { raw, sh } from '../sh/sh.ts';
import { dockerRestart } from './docker/restart.ts';
import type { Scope } from './scope.ts';
import { unlessGone } from './unit-commands.ts';

/**
 * What must happen once after a group of changes, and once after their undo, for them to take effect:
 * - `daemon-reload`: systemd reads unit files again
 * - `docker`: the Docker daemon is restarted, waited for, and its containers are started again
 * - `docker-stopped`: the Docker daemon doesn't run and isn't to be started: so it stays, and reads its files when
 *   somebody starts it. One that runs by the time of an undo is restarted
 * - `restart:UNIT`: a unit is restarted, if it runs
 */
export type SettleAction = 'daemon-reload' | 'docker' | 'docker-stopped' | `restart:${string}`;

const form = '^(?:daemon-reload|docker|docker-stopped|restart:[^\\u0000]+)$';
const action = new RegExp(form, 'u');

export const settleSchema: Schema = { type: 'string', pattern: form };

export function isSettleAction(text: string): text is SettleAction {
  return action.test(text);
}

/** What a settle action runs on the host; the same contract as a primitive's fragments. */
export interface Settle {
  /** Before anything is changed; keeps what it needs in `$before`. */
  readonly save?: Sh;
  readonly apply: Sh;
  /** After an undo has restored what the action reads. */
  readonly undo: Sh;
  /** `disk` where a boot-time undo needs it; what a boot starts anyway is `live`. */
  readonly scope: Scope;
  /** Seconds that it may take at most. */
  readonly limit: number;
  /** As a primitive's: paths that it may make or take away; left out: any. */
  readonly paths?: readonly string[];
  /** Whether it stops traffic or containers for a while. */
  readonly restartsDocker: boolean;
}

/** In the order in which they must run. */
export function settleOrder(actions: Iterable<SettleAction>): SettleAction[] {
  const rank = (action: SettleAction) =>
    action === 'daemon-reload' ? 0 : action.startsWith('docker') ? 2 : 1;
  return [...new Set(actions)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

export function settle(action: SettleAction): Settle {
  if (action === 'daemon-reload') {
    const reload = raw('systemctl daemon-reload');
    return {
      apply: reload,
      undo: reload,
      scope: 'disk',
      limit: 60,
      // What generators write: systemd.generator(7).
      paths: ['/run/systemd'],
      restartsDocker: false,
    };
  }
  if (action === 'docker' || action === 'docker-stopped')
    return { ...dockerRestart, scope: 'live', limit: 600, restartsDocker: action === 'docker' };
  const unit = action.slice('restart:'.length);
  const restart = sh`systemctl try-restart -- ${unit}`;
  const again = unlessGone(unit, restart);
  return { apply: restart, undo: again, scope: 'live', limit: 120, restartsDocker: false };
}
