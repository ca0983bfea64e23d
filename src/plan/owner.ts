import type { Part } from '../changes/change.ts';
import { marks } from '../changes/registry.ts';
import type { Facts } from '../facts/fact.ts';
import { tidy } from '../json/records.ts';
import { changedParts, type RecordedStage } from './recorded-stage.ts';

/** What a run of this controller has left on a host and nobody has undone since. */
export interface RunInForce {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly user: string;
  /** Absolute; undefined if the record has none. */
  readonly playbook?: string;
  readonly kept: RecordedStage;
  /** Its commands as parts (`command make it so`), each with whether it ran. */
  readonly commands?: ReadonlyMap<string, boolean>;
}

/** The owner of a part of a host. */
export type Owner =
  /** A run on record here was the last to set it, to `set` if that is known. */
  | {
      readonly by: 'run';
      readonly run: string;
      readonly at: string;
      readonly user: string;
      readonly playbook?: string;
      readonly set?: Part;
      /** For a command: whether that run ran it; false: its guard found nothing to do. */
      readonly ran?: boolean;
    }
  /** It has meshbook's mark, and no record here names the run: it was another controller's. */
  | { readonly by: 'mark' }
  /** There is no sign that it ever was meshbook's. */
  | { readonly by: 'nobody' };

/**
 * The owner of a part, by the records of runs (oldest first) and by the marks on the host. The owner of a part
 * `within` it counts as its owner, too. Pure.
 */
export function ownerOf(
  part: string,
  runs: readonly RunInForce[],
  facts: Facts,
  within: readonly string[] = [],
): Owner {
  for (const { run, at, user, playbook, kept, commands } of [...runs].reverse()) {
    const parts = changedBy(kept);
    const set = parts.get(part);
    const ran = commands?.get(part);
    if (set === undefined && ran === undefined && !within.some((name) => parts.has(name))) continue;
    return tidy({ by: 'run', run, at, user, playbook, set, ran });
  }
  return [...marks.values()].some((one) => one.bears(part, facts)) ? { by: 'mark' } : { by: 'nobody' };
}

/** The last value of each part, by any run; null: removed. */
export function lastSet(runs: readonly RunInForce[]): ReadonlyMap<string, Part> {
  return new Map(runs.flatMap(({ kept }) => [...changedBy(kept)]));
}

const changed = new WeakMap<RecordedStage, ReturnType<typeof changedParts>>();

/** Cached by stage: it is called part by part. */
function changedBy(kept: RecordedStage): ReturnType<typeof changedParts> {
  const known = changed.get(kept) ?? changedParts(kept);
  changed.set(kept, known);
  return known;
}
