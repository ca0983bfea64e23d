import { isDeepStrictEqual } from 'node:util';
import type { ChangeBase, Part, Parts, Recheck } from '../changes/change.ts';
import { predictAll, recheckOf } from '../changes/registry.ts';
import { type Facts, factId, orUnknown, UnknownFact } from '../facts/fact.ts';
import { sha256 } from '../facts/file.ts';
import { secrets } from '../secrets/masker.ts';

/**
 * A change of a run, with the parts that it concerns: before the run and, as planned, after it. Contains no secret.
 */
export interface RecordedChange {
  /** Or a step's own settle action. */
  readonly change: ChangeBase;
  /** Undefined if unknown. */
  readonly before?: Parts;
  readonly after?: Parts;
}

/** The record of a stage, from which a later undo can tell what someone has changed since. */
export interface RecordedStage {
  /** By id, in order; only those that can be rechecked. */
  readonly changes: Readonly<Record<string, RecordedChange>>;
  /**
   * By the ids of the settle actions that an undo runs: the ids of the effects that need them. A step's own settle
   * action needs itself, too.
   */
  readonly settles: Readonly<Record<string, readonly string[]>>;
}

/** What is done on a host, in order. */
interface Staged {
  readonly changes: readonly { readonly id: string; readonly change: ChangeBase }[];
  /** `key`: those with one key run together in an undo. `after`: the ids of the effects that need them. */
  readonly settles: readonly {
    readonly id: string;
    readonly key: string;
    readonly after: readonly string[];
  }[];
}

/** The record of what is about to be done on a host with these facts. Pure. */
export function recordStage({ changes, settles }: Staged, facts: Facts): RecordedStage {
  const after = predictAll(
    changes.map(({ change }) => change),
    facts,
  );
  const kept = changes.flatMap(({ id, change }): [string, RecordedChange][] => {
    const recheck = recheckOf(change);
    if (recheck === undefined) return [];
    const kept = secrets.value(recheck.forRecord?.(change) ?? change);
    const [was, will] = [partsOf(change, facts), partsOf(change, after)];
    // Without the secret in its name, it can't be looked up.
    if (!isAlike(recheck, kept, change) || !isDeepStrictEqual(partsOf(kept, after), will)) return [];
    const names = Object.keys({ ...was, ...will });
    if (secrets.value(names) !== names) return [];
    const secret = secretParts(was, will);
    return [
      [
        id,
        {
          change: kept,
          ...(was === undefined ? {} : { before: hideParts(was, secret) }),
          ...(will === undefined ? {} : { after: hideParts(will, secret) }),
        },
      ],
    ];
  });
  // An undo runs each settle action once, under the id of the first.
  const first = settles.filter(({ key }, i) => settles.findIndex((s) => s.key === key) === i);
  return {
    changes: Object.fromEntries(kept),
    settles: Object.fromEntries(
      first.map(({ id, key }) => [id, settles.flatMap((s) => (s.key === key ? [...s.after] : []))]),
    ),
  };
}

/** A stage's changes that are left to undo, if not all are. */
export function onlyLeft(kept: RecordedStage, left: readonly string[] | undefined): RecordedStage {
  if (left === undefined) return kept;
  const changes = Object.entries(kept.changes).filter(([id]) => left.includes(id));
  return { ...kept, changes: Object.fromEntries(changes) };
}

function isAlike({ queries }: Recheck<ChangeBase>, a: ChangeBase, b: ChangeBase): boolean {
  if (a === b) return true;
  return queries(a).map(factId).join('\n') === queries(b).map(factId).join('\n');
}

/** Parts with a secret on either side: the other one may be another secret. */
function secretParts(...sides: readonly (Parts | undefined)[]): ReadonlySet<string> {
  const all = sides.flatMap((parts) => Object.entries(parts ?? {}));
  return new Set(all.filter(([, part]) => secrets.value(part) !== part).map(([name]) => name));
}

/** Hides the parts with these names: they can be compared, but not seen. */
export function hideParts(parts: Parts, names: ReadonlySet<string>): Parts {
  if (names.size === 0) return parts;
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, names.has(name) ? hidden(part) : part]),
  );
}

function hidden(part: Part): Part {
  if (part === null || (typeof part === 'object' && 'hidden' in part)) return part;
  return { hidden: sha256(typeof part === 'string' ? part : part.text) };
}

/** What a stage has set: each part that it changed, as the last change left it; null: removed. */
export function changedParts({ changes }: RecordedStage): ReadonlyMap<string, Part> {
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
  const parts = orUnknown(() => recheckOf(change)?.parts(change, facts));
  return parts instanceof UnknownFact ? undefined : parts;
}
