import type { ChangeBase, Part, Parts } from '../changes/change.ts';
import { recheckOf, usesOf } from '../changes/registry.ts';
import { isSameThing, thingWords } from '../changes/thing.ts';
import { type FactQuery, type Facts, orUnknown, UnknownFact } from '../facts/fact.ts';
import { hideParts, type KeptChange, type KeptStage } from './kept-stage.ts';

/** A part of a host's state that is neither as the run left it nor as it was before. */
export interface Conflict {
  readonly part: string;
  readonly before: Part;
  readonly after: Part;
  /** Left out where it can't be known. */
  readonly now?: Part;
  /** A later run that set it and isn't undone. */
  readonly laterRun?: string;
  /** A later run that isn't undone, and some of whose changes need it. */
  readonly laterUse?: string;
  /** Why `now` can't be known. */
  readonly unknown?: string;
}

/** What an earlier run did on the host, and how much of it was taken back since. */
export interface EarlierStage {
  readonly kept: KeptStage;
  /** Ids of the changes that are taken back. */
  readonly undone: ReadonlySet<string>;
}

/** What an undo does with one change. */
export interface UndoItem {
  readonly id: string;
  /**
   * `restore`: it is taken back. `as-before`: somebody has done so already. `conflict`: someone has changed since
   * what it set. `needed`: what stays because of a conflict needs it.
   */
  readonly verdict: 'restore' | 'as-before' | 'conflict' | 'needed';
  readonly conflicts: readonly Conflict[];
  /** With `needed`: the ids of those that need it. */
  readonly neededBy: readonly string[];
}

/** What an undo does on one host. */
export interface UndoPlan {
  /** In the order of the run. */
  readonly items: readonly UndoItem[];
  /** Ids of changes and settle actions that the host shall pass over. */
  readonly skip: readonly string[];
  /** Ids of the changes that are left alone, though the undo was asked for. */
  readonly left: readonly string[];
}

export interface UndoQuestion {
  readonly kept: KeptStage;
  /** Ids of the stage's changes that are still to be taken back, in the order of the run. */
  readonly ids: readonly string[];
  /** All other ids of its changes. */
  readonly others: readonly string[];
  /** Ids of those that were begun and didn't end well: nobody knows how they were left. */
  readonly unsure: ReadonlySet<string>;
  /** What later runs did on this host, by run, the oldest first. */
  readonly later: ReadonlyMap<string, KeptStage>;
  /** What was in force there when the run began, the newest run first. */
  readonly earlier?: readonly EarlierStage[];
  /** Conflicts are taken back all the same. */
  readonly force: boolean;
  /** Parts that won't be as the facts say, since newer runs are taken back first: see `restoredParts`. */
  readonly expected?: ReadonlyMap<string, Part>;
}

/** Everything that must be known of a host to plan an undo there. May hold duplicates. */
export function undoQueries({ changes }: KeptStage, ids: readonly string[]): FactQuery<unknown>[] {
  return ids.flatMap((id) => {
    const kept = changes[id];
    return kept === undefined ? [] : [...(recheckOf(kept.change)?.queries(kept.change) ?? [])];
  });
}

/**
 * Compares a host as it is with what a run has made of it, and says change by change what an undo does. What
 * someone has changed since is left alone, and so is what that needs. Pure.
 */
export function planUndo(question: UndoQuestion, facts: Facts): UndoPlan {
  const looked = new Map(question.ids.map((id) => [id, look(question, id, facts)] as const));
  // Two changes to one thing stand or fall together.
  const parts = new Set([...looked.values()].flatMap(({ conflicts }) => conflicts.map(({ part }) => part)));
  const conflicting = question.ids.filter((id) => looked.get(id)?.touches.some((part) => parts.has(part)));
  const open = question.ids.filter((id) => conflicting.includes(id) || !looked.get(id)?.asBefore);
  const neededBy = needs({ ...question, ids: open }, new Set(conflicting));
  const items = question.ids.map((id): UndoItem => {
    const { conflicts, asBefore } = looked.get(id) ?? unchecked;
    const needed = neededBy.get(id) ?? [];
    const verdict = conflicting.includes(id)
      ? 'conflict'
      : asBefore
        ? 'as-before'
        : needed.length > 0
          ? 'needed'
          : 'restore';
    return { id, verdict, conflicts, neededBy: verdict === 'needed' ? needed : [] };
  });
  const left = question.force
    ? []
    : items.filter(({ verdict }) => verdict === 'conflict' || verdict === 'needed').map(({ id }) => id);
  const passed = items.filter(({ verdict }) => verdict === 'as-before').map(({ id }) => id);
  const passedOver = new Set([...question.others, ...left, ...passed]);
  const { settles } = question.kept;
  // What must settle for something else that is taken back runs, whatever is left alone of what it brought itself.
  const changes = [...passedOver].filter((id) => !Object.hasOwn(settles, id));
  const idle = Object.keys(settles).filter((id) => settles[id]?.every((one) => passedOver.has(one)));
  return { items, skip: [...changes, ...idle], left };
}

/** What parts will be once the host has done as planned, of those that it restores. */
export function restoredParts({ kept, force }: UndoQuestion, { items }: UndoPlan): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const { id, verdict } of [...items].reverse()) {
    const { before, after } = kept.changes[id] ?? {};
    if (before === undefined || verdict === 'as-before' || (verdict !== 'restore' && !force)) continue;
    for (const part of changedBetween(before, after)) parts.set(part, partOf(before, part));
  }
  return parts;
}

interface Look {
  readonly conflicts: readonly Conflict[];
  /** The parts that it set, or that are there only because of it. */
  readonly touches: readonly string[];
  readonly asBefore: boolean;
}

const unchecked: Look = { conflicts: [], touches: [], asBefore: false };

function look(question: UndoQuestion, id: string, facts: Facts): Look {
  const { kept, later, earlier = [], unsure, expected = new Map() } = question;
  const found = kept.changes[id];
  if (found === undefined) return unchecked;
  const { change, before, after } = found;
  const known = partsNow(change, facts, found);
  // How it was left isn't known, so that only later runs can be asked.
  const judged = after !== undefined && !unsure.has(id);
  if (known instanceof UnknownFact && judged) {
    const [part = ''] = Object.keys(after);
    const conflict = {
      part,
      before: partOf(before, part),
      after: partOf(after, part),
      unknown: known.reason,
    };
    return { conflicts: [conflict], touches: [part], asBefore: false };
  }
  const now = known instanceof UnknownFact ? {} : known;
  const nowOf = (part: string) => {
    const foreseen = expected.get(part);
    const found = partOf(now, part);
    if (foreseen === undefined) return found;
    // An address or a member that has come to what the change made since: with any other value it is gone from there.
    const own = Object.hasOwn(before ?? {}, part) || Object.hasOwn(after ?? {}, part);
    return own || same(foreseen, found) ? foreseen : null;
  };
  const valuesOf = (part: string) => ({
    before: partOf(before, part),
    after: partOf(after, part),
    now: nowOf(part),
  });
  const changed = changedBetween(before, after);
  const undoneBelow = changed.filter((part) =>
    isUndoneBelow(earlier, part, partOf(before, part), nowOf(part)),
  );
  const isBack = (part: string) =>
    same(nowOf(part), partOf(before, part)) ||
    undoneBelow.includes(part) ||
    // What a thing had by itself is gone with it: a bridge's MAC address, say.
    (nowOf(part) === null && undoneBelow.some((whole) => part.startsWith(`${whole} `)));
  // What is part of a bridge that the run deleted may be part of another one that it made.
  const leftByOthers = (part: string) =>
    Object.entries(kept.changes).flatMap(([other, { after: left }]) =>
      left === undefined || unsure.has(other) || !Object.hasOwn(left, part) ? [] : [partOf(left, part)],
    );
  const touches = [...new Set([before, after, now].flatMap((parts) => Object.keys(parts ?? {})))];
  const asBefore = judged && before !== undefined && changed.length > 0 && changed.every(isBack);
  const conflicts = touches.flatMap((part): Conflict[] => {
    const values = valuesOf(part);
    // Also where it is as before by now: taken back in another order, each run would bring back what it found.
    const laterRun = newest(later, (stage) => setBy(stage, part));
    if (laterRun !== undefined) return [{ part, ...values, laterRun }];
    if (!judged || [values.after, ...leftByOthers(part)].some((left) => same(values.now, left))) return [];
    return before !== undefined && isBack(part) ? [] : [{ part, ...values }];
  });
  const laterUse =
    asBefore || conflicts.some(({ laterRun }) => laterRun !== undefined)
      ? undefined
      : newest(later, (stage) => usedBy(stage, change));
  if (laterUse !== undefined) {
    const [made] = recheckOf(change)?.makes?.(change) ?? [];
    const [part = made === undefined ? '' : thingWords(made)] = changed;
    conflicts.push({ part, ...valuesOf(part), laterUse });
  }
  return {
    conflicts,
    touches: judged ? touches : conflicts.map(({ part }) => part),
    asBefore: asBefore && conflicts.length === 0,
  };
}

/**
 * Whether a part is as before an earlier run that has been taken back since, and on whose work the run went on that
 * found the part as `found`: there is nothing any more that it could be brought back to.
 */
function isUndoneBelow(earlier: readonly EarlierStage[], part: string, found: Part, now: Part): boolean {
  let state = found;
  for (const { kept, undone } of earlier) {
    const set = Object.entries(kept.changes).filter(([, { before, after }]) =>
      changedBetween(before, after).includes(part),
    );
    const [first, last] = [set.at(0), set.at(-1)];
    if (first === undefined || last === undefined) continue;
    if (!same(partOf(last[1].after, part), state)) return false;
    state = partOf(first[1].before, part);
    if (set.every(([id]) => undone.has(id)) && same(now, state)) return true;
  }
  return false;
}

function changedBetween(before: Parts | undefined, after: Parts | undefined): string[] {
  const parts = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...parts].filter((part) => !same(partOf(before, part), partOf(after, part)));
}

/** What the record hides of a part is hidden here, too. */
function partsNow(
  change: ChangeBase,
  facts: Facts,
  { before = {}, after = {} }: KeptChange,
): Parts | UnknownFact {
  const isHidden = ([, part]: [string, Part]) =>
    typeof part === 'object' && part !== null && 'hidden' in part;
  const hidden = [...Object.entries(before), ...Object.entries(after)].filter(isHidden).map(([name]) => name);
  return orUnknown(() => hideParts(recheckOf(change)?.parts(change, facts) ?? {}, new Set(hidden)));
}

function newest(
  later: ReadonlyMap<string, KeptStage>,
  which: (stage: KeptStage) => boolean,
): string | undefined {
  return [...later].reverse().find(([, stage]) => which(stage))?.[0];
}

/** Whether changes of a stage need what the change has made. */
function usedBy(stage: KeptStage, change: ChangeBase): boolean {
  const made = recheckOf(change)?.makes?.(change) ?? [];
  return Object.values(stage.changes).some(({ change: other }) =>
    usesOf(other).some((used) => made.some((one) => isSameThing(one, used))),
  );
}

function setBy(stage: KeptStage, part: string): boolean {
  return Object.values(stage.changes).some(
    ({ before, after }: KeptChange) => !same(partOf(before, part), partOf(after, part)),
  );
}

/** Which changes must stay, too, since what stays needs what they have made; each with who needs it. */
function needs({ kept, ids }: UndoQuestion, staying: ReadonlySet<string>): ReadonlyMap<string, string[]> {
  const neededBy = new Map<string, string[]>();
  const open = [...staying];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const own = kept.changes[id]?.change;
    const uses = own === undefined ? [] : usesOf(own);
    for (const other of ids) {
      const change = kept.changes[other]?.change;
      if (other === id || change === undefined) continue;
      const made = recheckOf(change)?.makes?.(change) ?? [];
      if (!made.some((one) => uses.some((used) => isSameThing(one, used)))) continue;
      if (!neededBy.has(other) && !staying.has(other)) open.push(other);
      neededBy.set(other, [...(neededBy.get(other) ?? []), id]);
    }
  }
  return neededBy;
}

function partOf(parts: Parts | undefined, part: string): Part {
  return parts !== undefined && Object.hasOwn(parts, part) ? (parts[part] ?? null) : null;
}

function same(a: Part, b: Part): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
