import type { FactQuery, Facts } from '../facts/fact.ts';
import { list, oneOfAll, record, type Schema, type SchemasOf } from '../facts/schema.ts';
import type { Sh } from '../sh/sh.ts';
import type { Scope } from './scope.ts';
import { type SettleAction, settleSchema } from './settle/action.ts';
import type { StageName } from './stage.ts';
import type { Thing } from './thing.ts';
import type { Marks, Trace } from './trace.ts';
import type { TakenValue, ValueName } from './values.ts';

/** Packets of `link` go through `through` once the change is applied; `addresses`: its addresses and routes go there, too. */
export interface Move {
  readonly link: string;
  readonly through: string;
  readonly addresses?: true;
}

/** What becomes of one end of a tunnel of an overlay. */
export interface TunnelEnd {
  readonly port: string;
  readonly state: 'create' | 'update' | 'delete';
  /** Left out: no tunnel of ours. */
  readonly before?: { readonly overlay: string; readonly peer: string };
  readonly after?: { readonly overlay: string; readonly peer: string };
}

/** For a primitive that has nothing to say of a kind: said outright, so that nobody forgets it. */
export const none = (): readonly never[] => [];

export type Risk = 'ssh-path' | 'restarts-docker' | 'drops-traffic' | 'installs-package';

/** One line of what a reviewer sees: a field and its value before and after (undefined: not there). */
export interface FieldDiff {
  readonly field: string;
  readonly before?: string | number | boolean;
  readonly after?: string | number | boolean;
  /** The values are whole texts, to be shown as a diff of lines. */
  readonly text?: boolean;
}

/** What every change carries, whatever its type. Changes are values: plain JSON, no closures (law 1). */
export interface ChangeBase {
  readonly type: string;
  /** What must run once after changes like this one, and once after their undo. */
  readonly settle?: readonly SettleAction[];
  /** Risks beyond those that the type implies. */
  readonly risks?: readonly Risk[];
}

const common = {
  settle: list(settleSchema),
  risks: list(
    oneOfAll<Risk>({
      'ssh-path': true,
      'restarts-docker': true,
      'drops-traffic': true,
      'installs-package': true,
    }),
  ),
};

/** The schema of a type of change: of the names that its changes have of their own none can be forgotten. */
export function changeSchema<C extends ChangeBase>(
  type: C['type'],
  ...[required, optional]: SchemasOf<Omit<C, keyof ChangeBase>>
): Schema {
  return record({ type: { const: type }, ...required }, { ...common, ...optional });
}

/** What a change does to what. */
export interface ChangeTitle {
  readonly action: 'create' | 'update' | 'delete' | 'run';
  /** The sort of object, for example `OVS bridge`. */
  readonly noun: string;
  /** The object, for example `ovs_bridge`. */
  readonly target: string;
}

/** What a reviewer is told of a change, in words that a fold can compare across hosts. */
export interface ChangeView extends ChangeTitle {
  readonly fields: readonly FieldDiff[];
}

/**
 * The value of one part of a host's state, as it is compared and shown; null: not there. Of a `text` people see a
 * diff; `hidden` is compared and never shown.
 */
export type Part = string | null | { readonly text: string } | { readonly hidden: string };

/** Parts by their names, which are the same whatever change touches them: `link br0 mtu`. */
export type Parts = Readonly<Record<string, Part>>;

/**
 * How to find out, long after a run, whether what a change made still stands. The same function reads the state
 * before the run, after it and now, so that the three can be compared.
 */
export interface Recheck<C extends ChangeBase> {
  /** What must be known for `parts`. Planning the change has asked for it, too. */
  queries(change: C): readonly FactQuery<unknown>[];
  /**
   * What the change sets, and everything that would go if it were taken back. Pure. A part that is left out is not
   * there. @throws UnknownFact
   */
  parts(change: C, facts: Facts): Parts;
  /** The change without what its parts hold already, and without secrets. */
  forRecord?(change: C): C;
  /** What is wanted and found of it as a whole, if its parts don't tell that; left out: what a reviewer is told of it. */
  whole?(change: C): { readonly wanted: Part; readonly found: Part } | undefined;
  /** What is there only thanks to the change, and what others may `use`. */
  makes?(change: C): readonly Thing[];
  /** What must stay as long as what the change set stays. */
  uses?(change: C): readonly Thing[];
  /** What is left over of it once no step names it. */
  leaves(change: C): readonly Trace[];
  /** The part that this one comes and goes with, if its name doesn't begin with that one's name. */
  within?(part: string, value: Part): string | undefined;
}

/** What a change does to a path: it may make or remove anything at or below it, or the path certainly is there or gone afterwards. */
export type PathEffect = string | { readonly path: string; readonly becomes: 'there' | 'gone' };

/** Where what the kernel and daemons have of a network shows as paths: interfaces, settings, sockets. */
export const networkPaths: readonly string[] = ['/sys', '/proc', '/run', '/dev'];

/** A primitive: one type of change, and everything that meshbook can do with it. */
export interface Primitive<C extends ChangeBase> {
  readonly type: C['type'];
  /** What every change is like. Whatever it lets through can be shown, and its programs made: it may come from a file. */
  readonly schema: Schema;
  readonly scope: Scope;
  readonly risks: readonly Risk[];
  readonly stage: StageName;
  /** Whether it may depend on what settles after earlier changes, so that this comes first. */
  readonly needsSettled: boolean;
  /** What it may change, so that others can tell whether it concerns them. Nothing of what programs of others do. */
  touches(change: C): readonly Thing[];
  /** Which links go through others afterwards. */
  moves(change: C): readonly Move[];
  tunnelEnds(change: C): readonly TunnelEnd[];
  /** Values that the host has once the change is applied, and that changes on other hosts take. */
  gives(change: C): readonly ValueName[];
  /**
   * Values of other hosts without which it can't be applied. Before its apply they are files in `$values`, by
   * `valueFile`, which are gone once the program has ended. No undo needs one.
   */
  takes(change: C): readonly TakenValue[];
  /** Seconds that it may take, where that is long: the deadline waits for it. */
  limit(change: C): number | undefined;
  /** Whether a plan that is made afterwards tells that it was done. */
  verifiable(change: C): boolean;
  /** Whether an undo takes it back. */
  undoable(change: C): boolean;
  /** Whether it may turn out to be unnecessary when its turn comes, if its step's answer isn't complete. */
  conditional(change: C): boolean;
  /** How the host itself tells what meshbook made there. */
  readonly marks: Marks<C> | 'no marks';
  title(change: C): ChangeTitle;
  fields(change: C): readonly FieldDiff[];
  /** The facts as they will be once the change is applied (law 2), without what its settle actions bring about. */
  predict(change: C, facts: Facts): Facts;
  /**
   * Paths that an apply may make or take away, with all that is below them: what a guard on any other path says holds
   * on. Left out: any path, as with everything that runs programs of others. What settles says so by itself.
   */
  paths?(change: C): readonly PathEffect[] | undefined;
  /**
   * Runs on the host before anything is changed, under `set -e`, to keep what undo needs and a plan doesn't hold
   * (a file's bytes) in `$before`, a folder of the change's own. May be left out.
   */
  save?(change: C): Sh | undefined;
  /**
   * Runs under `set -e`, with stdin closed and `$before` set; fails the run by a status other than 0. A file that it
   * leaves there says more: `not-run`, that there was nothing to do, so that an undo passes it over; `timed-out`, with
   * the seconds in it, that it failed because it took longer.
   */
  apply(change: C): Sh;
  /**
   * Runs under `set -e`, with `$before` set. Restores the state from before from `$before` and the change's own
   * `before`; must be right after a complete, a half-done and a not yet begun apply, and when run twice.
   */
  undo(change: C): Sh;
  /** The change with every secret in it replaced, and with the same title and fields. Left out where there are none. */
  withoutSecrets?(change: C): C;
  /** Said outright where no fact tells whether the change still stands: its undo then overlooks what somebody did. */
  readonly recheck: Recheck<C> | 'nothing tells';
}
