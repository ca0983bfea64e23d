import type { Part } from '../changes/change.ts';
import { marks } from '../changes/registry.ts';
import type { Facts } from '../facts/fact.ts';
import { changedParts, type KeptStage } from './kept-stage.ts';

/** What a run of this controller has left on a host and nobody has undone since. */
export interface StandingRun {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly user: string;
  /** Absolute; absent where the record has none. */
  readonly playbook?: string;
  readonly kept: KeptStage;
  /** Its commands as parts (`command make it so`), each with whether it ran or there was nothing to do for it. */
  readonly commands?: ReadonlyMap<string, boolean>;
}

/** Whose a part of a host is. */
export type Owner =
  /** A run that this controller has a record of was the last to set it, to `set` where that is known. */
  | {
      readonly by: 'run';
      readonly run: string;
      readonly at: string;
      readonly user: string;
      readonly playbook?: string;
      readonly set?: Part;
      /** Of a command: whether that run ran it; false: its guard said then that there was nothing to do. */
      readonly ran?: boolean;
    }
  /** It bears meshbook's mark, and no record here says of which run: it was another controller's. */
  | { readonly by: 'mark' }
  /** Nothing says that it ever was meshbook's. */
  | { readonly by: 'nobody' };

/**
 * Whose a part is, by the records of runs (the oldest first) and by the marks on the host. It is also whose any of
 * the parts `within` it is. Pure.
 */
export function ownerOf(
  part: string,
  runs: readonly StandingRun[],
  facts: Facts,
  within: readonly string[] = [],
): Owner {
  for (const { run, at, user, playbook, kept, commands } of [...runs].reverse()) {
    const parts = changedBy(kept);
    const set = parts.get(part);
    const ran = commands?.get(part);
    if (set === undefined && ran === undefined && !within.some((name) => parts.has(name))) continue;
    const known = {
      ...(playbook === undefined ? {} : { playbook }),
      ...(set === undefined ? {} : { set }),
      ...(ran === undefined ? {} : { ran }),
    };
    return { by: 'run', run, at, user, ...known };
  }
  return [...marks.values()].some((one) => one.bears(part, facts)) ? { by: 'mark' } : { by: 'nobody' };
}

/** What each part was set to last, by any run; null: it was taken away. */
export function lastSet(runs: readonly StandingRun[]): ReadonlyMap<string, Part> {
  return new Map(runs.flatMap(({ kept }) => [...changedBy(kept)]));
}

const changed = new WeakMap<KeptStage, ReturnType<typeof changedParts>>();

/** The same value for one stage: it is asked for part by part. */
function changedBy(kept: KeptStage): ReturnType<typeof changedParts> {
  const known = changed.get(kept) ?? changedParts(kept);
  changed.set(kept, known);
  return known;
}
