import type { Guard } from '../../facts/guard.ts';
import { byOrder, effectsOf, type HostPlan } from '../../plan/host-plan.ts';
import { stagesOf } from '../../transaction/stage.ts';
import { groupBy } from '../text/group.ts';
import { settleWords } from '../text/words.ts';
import { areMany, counted, type ManyFields } from './many-fields.ts';
import { type ShownChange, show } from './plan-report.ts';

/** A change on one host. */
export interface Seen {
  readonly host: string;
  readonly change: ShownChange;
  /** The fields that are missing from `fields` because they are too many to read. */
  readonly many?: ManyFields;
}

/** Changes of one shape: the same action on the same type of object with the same fields, on one or more hosts. */
export type Shape = readonly [Seen, ...Seen[]];

/** Something that several hosts share. */
export interface Shared<T> {
  readonly value: T;
  readonly hosts: ReadonlySet<string>;
}

/** A step with its changes on all hosts. */
export interface FoldedStep {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  /** The step that removes what is left over, on all hosts. */
  readonly prune?: true;
  readonly shapes: readonly Shape[];
  readonly unknowns: readonly Shared<string>[];
  /** Guards evaluated on hosts where no change of the step shows them. */
  readonly asks: readonly Shared<Guard>[];
  /** Settle actions that run after this step's changes, in words. Not escaped. */
  readonly settles: readonly Shared<readonly string[]>[];
}

/**
 * Merges the plans of all hosts, step by step, in the playbook's order. Steps without changes are included, and empty.
 * Fields that are too many to read are counted instead, unless `full`.
 */
export function foldPlans(plans: readonly HostPlan[], full = false): FoldedStep[] {
  const steps = new Map<
    string,
    {
      index: number;
      name: string;
      kind: string;
      prune?: true;
      seen: Seen[];
      unknowns: [string, string][];
      asks: [Guard, string][];
    }
  >();
  for (const { host, steps: planned } of plans) {
    for (const one of planned) {
      const { index, name, kind, prune, unknowns, asks = [] } = one;
      const step = getOrAdd(steps, keyOf(index, name), () => ({
        index,
        name,
        kind,
        ...(prune ? { prune } : {}),
        seen: [],
        unknowns: [],
        asks: [],
      }));
      const shown = effectsOf(one).map(show);
      for (const change of shown) step.seen.push(seenOn(host, change, full));
      for (const reason of unknowns) step.unknowns.push([reason, host]);
      for (const guard of asks)
        if (!shown.some((change) => showsGuard(change, guard))) step.asks.push([guard, host]);
    }
  }
  const settles = settlesByStep(plans);
  return [...steps]
    .sort(([, a], [, b]) => byOrder(a, b))
    .map(([key, { seen, unknowns, asks, ...step }]) => ({
      ...step,
      shapes: shapesOf(seen),
      unknowns: shareEqual(unknowns),
      asks: shareEqual(asks),
      settles: shareEqual(settles.get(key) ?? []),
    }));
}

/** Whether a change shows this guard. */
function showsGuard({ fields }: ShownChange, guard: Guard): boolean {
  const shown = new Map(fields.map(({ field, after }) => [field, after]));
  return (['unless', 'only_if', 'chdir'] as const).every((key) => shown.get(key) === guard[key]);
}

function seenOn(host: string, change: ShownChange, full: boolean): Seen {
  return !full && areMany(change.fields) ? condensed({ host, change }) : { host, change };
}

function condensed(seen: Seen): Seen {
  const { fields, many } = counted(seen.change.fields);
  return { ...seen, change: { ...seen.change, fields }, many };
}

/** If fields are counted on some hosts, they are counted on all. */
function alike(shape: Shape): Shape {
  if (shape.every(({ many }) => many === undefined)) return shape;
  return shape.map((seen) => (seen.many === undefined ? condensed(seen) : seen)) as unknown as Shape;
}

function keyOf(index: number, name: string): string {
  return `${index} ${name}`;
}

/**
 * The same object on several hosts is one shape, even if its fields differ. Different objects are one shape if they
 * have the same fields and each is on hosts of its own: ports to peers, say, but not two files that all hosts get.
 */
function shapesOf(seen: readonly Seen[]): Shape[] {
  // Only the target may contain any character.
  const kindOf = ({ change: { action, noun, risks } }: Seen) => `${action}\n${noun}\n${risks.join()}\n`;
  const byTarget = groupBy(seen, (one) => kindOf(one) + one.change.target);
  const byFields = groupBy(byTarget, (objects) => {
    const fields = new Set<string>();
    for (const { change } of objects) for (const { field } of change.fields) fields.add(field);
    return kindOf(objects[0]) + JSON.stringify([...fields].sort());
  });
  return byFields.flatMap((objects) => {
    const hosts = (group: Shape) => JSON.stringify([...hostsOf(group)]);
    const together = objects.length === 1 || new Set(objects.map(hosts)).size === 1;
    return (together ? objects : [objects.flat() as unknown as Shape]).map(alike);
  });
}

/** Settle actions that a later step waits for, by the last step before them. */
function settlesByStep(plans: readonly HostPlan[]): Map<string, [readonly string[], string][]> {
  const found = new Map<string, [readonly string[], string][]>();
  for (const plan of plans) {
    const ofHost = new Map<string, string[]>();
    for (const { settle, after } of settlesOf(plan))
      if (after !== undefined) getOrAdd(ofHost, after, () => []).push(settle);
    for (const [step, actions] of ofHost) getOrAdd(found, step, () => []).push([actions, plan.host]);
  }
  return found;
}

/** Settle actions that run once after all changes, in words, with their hosts. */
export function settlesAtEnd(plans: readonly HostPlan[]): Shared<readonly string[]>[] {
  return shareEqual(
    plans.flatMap((plan): [string[], string][] => {
      const last = settlesOf(plan).filter(({ after }) => after === undefined);
      return last.length === 0 ? [] : [[last.map(({ settle }) => settle), plan.host]];
    }),
  );
}

/** A host's settle actions in order; `after` is the last step before them, if a change follows. */
function settlesOf(plan: HostPlan): { readonly settle: string; readonly after?: string }[] {
  return stagesOf(plan).flatMap(({ order, changes, settles }) => {
    const lastChange = order.lastIndexOf(changes.at(-1)?.id ?? '');
    return settles.map(({ id, action, behind }) => {
      const settle = settleWords(action);
      const isLast = order.indexOf(id) > lastChange;
      return isLast ? { settle } : { settle, after: keyOf(behind.step, behind.stepName) };
    });
  });
}

export function hostsOf(shape: readonly Seen[]): Set<string> {
  return new Set(shape.map(({ host }) => host));
}

/** Equal values, each with all its hosts. */
function shareEqual<T>(pairs: readonly (readonly [T, string])[]): Shared<T>[] {
  return groupBy(pairs, ([value]) => JSON.stringify(value)).map((group) => ({
    value: group[0][0],
    hosts: new Set(group.map(([, host]) => host)),
  }));
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
