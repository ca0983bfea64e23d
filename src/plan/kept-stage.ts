import type { ChangeBase, Part, Parts } from '../changes/change.ts';
import { primitiveOf } from '../changes/registry.ts';
import { type Facts, UnknownFact } from '../facts/fact.ts';

/** A change of a run, with what it had to do with: before the run and, as planned, after it. Holds no secret. */
export interface KeptChange {
  readonly change: ChangeBase;
  /** Left out where it wasn't known. */
  readonly before?: Parts;
  readonly after?: Parts;
}

/** What a run's record keeps of a stage, so that a later undo can tell what somebody has changed since. */
export interface KeptStage {
  /** By id, in order; only those that can be rechecked. */
  readonly changes: Readonly<Record<string, KeptChange>>;
  /** By the ids of the settle actions that an undo runs: the changes that they are for. */
  readonly settles: Readonly<Record<string, readonly string[]>>;
}

interface Staged {
  readonly changes: readonly { readonly id: string; readonly change: ChangeBase }[];
  readonly settles: readonly {
    readonly id: string;
    readonly action: string;
    readonly after: readonly string[];
  }[];
}

/** What to keep of a stage that is about to run, on a host of which these facts are known. Pure. */
export function keepStage({ changes, settles }: Staged, facts: Facts): KeptStage {
  const after = changes.reduce((now, { change }) => primitiveOf(change).predict(change, now), facts);
  const kept = changes.flatMap(({ id, change }): [string, KeptChange][] => {
    const { recheck } = primitiveOf(change);
    if (recheck === undefined) return [];
    const [was, will] = [partsOf(change, facts), partsOf(change, after)];
    return [
      [
        id,
        {
          change: recheck.forRecord?.(change) ?? change,
          ...(was === undefined ? {} : { before: was }),
          ...(will === undefined ? {} : { after: will }),
        },
      ],
    ];
  });
  // An undo settles once per action, by the first one's id.
  const first = settles.filter(({ action }, i) => settles.findIndex((s) => s.action === action) === i);
  return {
    changes: Object.fromEntries(kept),
    settles: Object.fromEntries(
      first.map(({ id, action }) => [id, settles.flatMap((s) => (s.action === action ? [...s.after] : []))]),
    ),
  };
}

/** A stage's changes without those that are taken back, where not all are left. */
export function onlyLeft(kept: KeptStage, left: readonly string[] | undefined): KeptStage {
  if (left === undefined) return kept;
  const changes = Object.entries(kept.changes).filter(([id]) => left.includes(id));
  return { ...kept, changes: Object.fromEntries(changes) };
}

/** What a stage has set: each part that it changed, as the last change left it; null: took away. */
export function changedParts({ changes }: KeptStage): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const { before = {}, after = {} } of Object.values(changes)) {
    for (const part of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [old, now] = [before[part] ?? null, after[part] ?? null];
      if (JSON.stringify(old) !== JSON.stringify(now)) parts.set(part, now);
    }
  }
  return parts;
}

function partsOf(change: ChangeBase, facts: Facts): Parts | undefined {
  try {
    return primitiveOf(change).recheck?.parts(change, facts);
  } catch (error) {
    if (error instanceof UnknownFact) return undefined;
    throw error;
  }
}
