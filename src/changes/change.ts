import type { FactQuery, Facts } from '../facts/fact.ts';
import { list, oneOf, oneOfAll, record, type Schema, type SchemasOf } from '../facts/schema.ts';
import type { Sh } from '../sh/sh.ts';
import type { Scope } from './scope.ts';
import { type SettleAction, settleSchema } from './settle/action.ts';
import type { StageName } from './stage.ts';
import type { Thing } from './thing.ts';
import type { Marks, Trace } from './trace.ts';
import type { TakenValue, ValueName } from './values.ts';

/**
 * Packets of `link` go through `through` once the change is applied; with `addresses`, its addresses and routes move
 * there, too.
 */
export interface Move {
  readonly link: string;
  readonly through: string;
  readonly addresses?: true;
}

/** What happens to one end of an overlay's tunnel. */
export interface TunnelEnd {
  readonly port: string;
  readonly state: 'create' | 'update' | 'delete';
  /** Undefined: no tunnel of ours. */
  readonly before?: { readonly overlay: string; readonly peer: string };
  readonly after?: { readonly overlay: string; readonly peer: string };
}

/** The schema of an object that is there or not. */
export const presence = oneOf('absent', 'present');

/** For a primitive without any of these: stated explicitly, so that none is forgotten. */
export const none = (): readonly never[] => [];

export type Risk = 'ssh-path' | 'restarts-docker' | 'drops-traffic' | 'installs-package';

/** One line for a reviewer: a field with its value before and after (undefined: none). */
export interface FieldDiff {
  readonly field: string;
  readonly before?: string | number | boolean;
  readonly after?: string | number | boolean;
  /** The values are whole texts, to be shown as a diff of lines. */
  readonly text?: boolean;
}

/** Common to all changes. Changes are values: plain JSON, no closures (law 1). */
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

/** The schema of a type of change; it must name every field that its changes add. */
export function changeSchema<C extends ChangeBase>(
  type: C['type'],
  ...[required, optional]: SchemasOf<Omit<C, keyof ChangeBase>>
): Schema {
  return record({ type: { const: type }, ...required }, { ...common, ...optional });
}

/** What a change does, and to which object. */
export interface ChangeTitle {
  readonly action: 'create' | 'update' | 'delete' | 'run';
  /** The type of object, for example `OVS bridge`. */
  readonly noun: string;
  /** The object, for example `ovs_bridge`. */
  readonly target: string;
}

/** A change for reviewers, in words that can be compared across hosts. */
export interface ChangeView extends ChangeTitle {
  readonly fields: readonly FieldDiff[];
}

/**
 * The value of one part of a host's state, for comparing and showing; null: it doesn't exist. A `text` is shown as a
 * diff; `hidden` is compared and never shown.
 */
export type Part = string | null | { readonly text: string } | { readonly hidden: string };

/** Parts by name; the same name whatever change touches them: `link br0 mtu`. */
export type Parts = Readonly<Record<string, Part>>;

/**
 * How to find out, long after a run, whether a change is still in place. The same function reads the state before the
 * run, after it and now, so the three can be compared.
 */
export interface Recheck<C extends ChangeBase> {
  /** The facts that `parts` needs. Planning the change reads them, too. */
  queries(change: C): readonly FactQuery<unknown>[];
  /**
   * What the change sets, and everything that undoing it would remove. Pure. A missing part doesn't exist. @throws
   * UnknownFact
   */
  parts(change: C, facts: Facts): Parts;
  /** The change without what its parts already contain, and without secrets. */
  forRecord?(change: C): C;
  /** One pair of values for the whole change, shown instead of its title and fields if the parts don't tell what was wanted. */
  whole?(change: C): { readonly wanted: Part; readonly found: Part } | undefined;
  /** Things that exist only because of this change; other changes may name them in `uses`. */
  makes?(change: C): readonly Thing[];
  /** Things that must stay while what the change set stays. */
  uses?(change: C): readonly Thing[];
  /** What is left over of it once no step names it. */
  leaves(change: C): readonly Trace[];
  /**
   * The name of the part that `part` belongs to: if that one goes, this one is not reported by itself. Needed only where
   * its name doesn't begin with that one's.
   */
  within?(part: string, value: Part): string | undefined;
}

/**
 * A change's effect on a path: it may make or remove anything at or below it, or the path certainly exists or not
 * afterwards.
 */
export type PathEffect = string | { readonly path: string; readonly becomes: 'there' | 'gone' };

/** Paths that show the network state of the kernel and daemons: interfaces, settings, sockets. */
export const networkPaths: readonly string[] = ['/sys', '/proc', '/run', '/dev'];

/** A primitive: one type of change, and everything that meshbook can do with it. */
export interface Primitive<C extends ChangeBase> {
  readonly type: C['type'];
  /** The schema of its changes. Whatever it accepts can be shown and compiled: it may come from a file. */
  readonly schema: Schema;
  /** Where its effect is, so when an undo at boot can restore it: `scope.ts`. */
  readonly scope: Scope;
  readonly risks: readonly Risk[];
  readonly stage: StageName;
  /** Whether settle actions that are pending run before it, because it may depend on them. */
  readonly needsSettled: boolean;
  /**
   * Everything that it may change, so that others can tell whether it concerns them. Excludes the effects of foreign
   * programs.
   */
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
  /** Seconds that it may take, if that is long: the deadline is extended by it. */
  limit(change: C): number | undefined;
  /** Whether planning again after the apply shows that it was done. */
  verifiable(change: C): boolean;
  /** Whether an undo undoes it. */
  undoable(change: C): boolean;
  /** Whether the program may find that there is nothing to do, if the step's answer was unknown when it was planned. */
  conditional(change: C): boolean;
  /** How the host itself shows what meshbook made there. */
  readonly marks: Marks<C> | 'no marks';
  title(change: C): ChangeTitle;
  fields(change: C): readonly FieldDiff[];
  /** The facts after the change (law 2), without the effects of its settle actions. */
  predict(change: C, facts: Facts): Facts;
  /**
   * Paths that an apply may make or remove, with everything below them: guards on other paths (`creates`) keep their
   * answers. Directories that are made on the way to a path don't count. Left out or undefined: any path, as for
   * everything that runs foreign programs. Settle actions have paths of their own.
   */
  paths?(change: C): readonly PathEffect[] | undefined;
  /**
   * Runs on the host before anything is changed, under `set -e`, to save what undo needs and a plan doesn't contain (a
   * file's bytes) in `$before`, a folder of the change's own. Optional.
   */
  save?(change: C): Sh | undefined;
  /**
   * Runs under `set -e` and umask 022, with stdin closed and `$before` set; a status other than 0 fails the run. Files that it
   * leaves there say more: `not-run`, that there was nothing to do, so an undo skips it; `timed-out`, with the seconds
   * in it, that it failed because it took longer.
   */
  apply(change: C): Sh;
  /**
   * Runs under `set -e`, with `$before` set. Restores the state before from `$before` and the change's own `before`;
   * must be correct after a complete apply, a partial apply and no apply, and when it runs twice. What someone else has
   * changed since is put back as well (a caller asks first); if the object is gone, nothing is done and nothing in its
   * place is harmed, unless the change itself was to remove it.
   */
  undo(change: C): Sh;
  /** The change with every secret in it replaced, with the same title and fields. Undefined if there are none. */
  withoutSecrets?(change: C): C;
  /**
   * Stated explicitly if no fact shows whether the change is still in place: its undo then overwrites others' changes.
   */
  readonly recheck: Recheck<C> | 'nothing tells';
}
