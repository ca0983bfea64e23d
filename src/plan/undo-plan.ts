import type { ChangeBase, Part, Parts } from '../changes/change.ts';
import { recheckOf, usesOf } from '../changes/registry.ts';
import { isSameThing, thingWords } from '../changes/thing.ts';
import { type FactQuery, type Facts, orUnknown, UnknownFact } from '../facts/fact.ts';
import { hideParts, type RecordedChange, type RecordedStage } from './recorded-stage.ts';

/** A part of a host's state that is neither as the run left it nor as it was before. */
export interface Conflict {
  readonly part: string;
  readonly before: Part;
  readonly after: Part;
  /** Undefined if unknown. */
  readonly now?: Part;
  /** A later run that set it and isn't undone. */
  readonly laterRun?: string;
  /** A later run that isn't undone, and some of whose changes need it. */
  readonly laterUse?: string;
  /** Why `now` is unknown. */
  readonly unknown?: string;
}

/** What an earlier run did on the host, and how much of it was undone since. */
export interface EarlierStage {
  readonly kept: RecordedStage;
  /** Ids of the changes that are undone. */
  readonly undone: ReadonlySet<string>;
}

/** What an undo does with one change. */
export interface UndoItem {
  readonly id: string;
  /**
   * `restore`: it is undone. `as-before`: someone has already done that. `conflict`: someone has since changed what it
   * set. `needed`: something that stays because of a conflict needs it.
   */
  readonly verdict: 'restore' | 'as-before' | 'conflict' | 'needed';
  readonly conflicts: readonly Conflict[];
  /** For `needed`: the ids of those that need it. */
  readonly neededBy: readonly string[];
}

/** What an undo does on one host. */
export interface UndoPlan {
  /** In the order of the run. */
  readonly items: readonly UndoItem[];
  /** Ids of changes and settle actions that the host must skip. */
  readonly skip: readonly string[];
  /** Ids of the changes that are left alone although the undo should undo them. */
  readonly left: readonly string[];
}

export interface UndoQuestion {
  readonly kept: RecordedStage;
  /** Ids of the stage's changes that are still to be undone, in the order of the run. */
  readonly ids: readonly string[];
  /** All other ids of its changes. */
  readonly others: readonly string[];
  /** Ids of those that were begun and didn't end successfully: their state is unknown. */
  readonly unsure: ReadonlySet<string>;
  /** What later runs did on this host, by run, oldest first. */
  readonly later: ReadonlyMap<string, RecordedStage>;
  /** What was in force there when the run began, newest run first. */
  readonly earlier?: readonly EarlierStage[];
  /** Whether conflicts are undone as well. */
  readonly force: boolean;
  /** Parts that will differ from the facts, since newer runs are undone first: see `restoredParts`. */
  readonly expected?: ReadonlyMap<string, Part>;
}

/** The facts needed to plan an undo on a host. May contain duplicates. */
export function undoQueries({ changes }: RecordedStage, ids: readonly string[]): FactQuery<unknown>[] {
  return ids.flatMap((id) => {
    const kept = changes[id];
    return kept === undefined ? [] : [...(recheckOf(kept.change)?.queries(kept.change) ?? [])];
  });
}

/**
 * Compares a host with what a run has made of it, and decides change by change what an undo does. What someone has
 * changed since is left alone, and so is what that needs. Pure.
 */
export function planUndo(question: UndoQuestion, facts: Facts): UndoPlan {
  const looked = new Map(question.ids.map((id) => [id, look(question, id, facts)] as const));
  // Two changes of one thing are undone together or not at all.
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
  // A settle action that another undone change needs runs, even if its own effects are left alone.
  const changes = [...passedOver].filter((id) => !Object.hasOwn(settles, id));
  const idle = Object.keys(settles).filter((id) => settles[id]?.every((one) => passedOver.has(one)));
  return { items, skip: [...changes, ...idle], left };
}

/** The future values of the parts that the host will restore as planned. */
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
  /** The parts that it set, or that exist only because of it. */
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
  // Its result is unknown, so only later runs count.
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
    // An address or a member that has moved to what the change made since: with any other value it is gone from there.
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
    // What belongs to a thing is gone with it: a bridge's MAC address, say.
    (nowOf(part) === null && undoneBelow.some((whole) => part.startsWith(`${whole} `)));
  // A part of a bridge that the run deleted may belong to another one that it made.
  const leftByOthers = (part: string) =>
    Object.entries(kept.changes).flatMap(([other, { after: left }]) =>
      left === undefined || unsure.has(other) || !Object.hasOwn(left, part) ? [] : [partOf(left, part)],
    );
  const touches = [...new Set([before, after, now].flatMap((parts) => Object.keys(parts ?? {})))];
  const asBefore = judged && before !== undefined && changed.length > 0 && changed.every(isBack);
  const conflicts = touches.flatMap((part): Conflict[] => {
    const values = valuesOf(part);
    // Even if it is already restored: undone in another order, each run would restore what it found.
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
 * Whether a part is as before an earlier run that has been undone since, and on whose result this run was based (it
 * found the part as `found`): there is nothing left to restore it to.
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

/** Parts hidden in the record are hidden here, too. */
function partsNow(
  change: ChangeBase,
  facts: Facts,
  { before = {}, after = {} }: RecordedChange,
): Parts | UnknownFact {
  const isHidden = ([, part]: [string, Part]) =>
    typeof part === 'object' && part !== null && 'hidden' in part;
  const hidden = [...Object.entries(before), ...Object.entries(after)].filter(isHidden).map(([name]) => name);
  return orUnknown(() => hideParts(recheckOf(change)?.parts(change, facts) ?? {}, new Set(hidden)));
}

function newest(
  later: ReadonlyMap<string, RecordedStage>,
  which: (stage: RecordedStage) => boolean,
): string | undefined {
  return [...later].reverse().find(([, stage]) => which(stage))?.[0];
}

/** Whether changes of a stage need what the change has made. */
function usedBy(stage: RecordedStage, change: ChangeBase): boolean {
  const made = recheckOf(change)?.makes?.(change) ?? [];
  return Object.values(stage.changes).some(({ change: other }) =>
    usesOf(other).some((used) => made.some((one) => isSameThing(one, used))),
  );
}

function setBy(stage: RecordedStage, part: string): boolean {
  return Object.values(stage.changes).some(
    ({ before, after }: RecordedChange) => !same(partOf(before, part), partOf(after, part)),
  );
}

/** Which changes must stay as well, since something that stays needs them; each with what needs it. */
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
