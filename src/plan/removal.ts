import type { Trace } from '../changes/trace.ts';
import type { Described } from '../kinds/described.ts';
import { kinds } from '../kinds/registry.ts';
import { thingsOf } from '../lint/things.ts';
import type { ResolvedStep } from '../model/resolved.ts';

/** What takes something away: a step with `state: absent`, as a user could write it. */
export interface Removal {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The step that removes what a change left: of the kind that it is part of something for, or else of one that can. */
export function removalOf({ removable }: Trace): { readonly removal?: Removal } {
  if (removable === undefined) return {};
  const found = [...kinds.values()].flatMap(({ name, takesAway }) => {
    const params = takesAway?.(removable);
    return params === undefined ? [] : [{ kind: name, params }];
  });
  const isPart = (one: Described) => one.is === 'file' && one.part === true;
  const removal = found.find((one) => removedBy(one).some(isPart)) ?? found[0];
  return removal === undefined ? {} : { removal };
}

/** What all removals of a plan stand under. */
export const removalName = 'Left over';

/**
 * The removal as a step, which is planned, verified and undone like any other. It comes before the playbook's own.
 *
 * @param index The number of the playbook's steps: a number that none of them has.
 * @param playbook Its path, where problems point to.
 */
export function removalStep({ kind, params }: Removal, index: number, playbook: string): ResolvedStep {
  const nowhere = { source: { path: playbook, text: '' }, start: 0, end: 0 };
  const step = { index, name: removalName, kind, params, tags: [], vars: {}, locate: () => nowhere };
  return { step: { ...step, prune: true as const }, name: removalName, params };
}

/** First who starts with something, then what it is made of: a daemon, its files, tunnels, bridges, their members. */
const order = ['daemon', 'file', 'tunnels', 'container-link', 'link', 'link ovs'];

/** By when something must be taken away; greater is later. */
export function removalRank(removal: Removal | undefined): number {
  const ranks = removedBy(removal).flatMap((thing) => {
    const rank = order.indexOf(thing.is === 'link' && thing.type === 'ovs' ? 'link ovs' : thing.is);
    return rank < 0 ? [] : [rank];
  });
  return Math.min(order.length, ...ranks);
}

/** The things that a removal takes away. */
export function removedBy(removal: Removal | undefined): readonly Described[] {
  if (removal === undefined) return [];
  return thingsOf(removalStep(removal, 0, '')).flatMap(({ thing }) =>
    thing.does === 'removes' ? [thing] : [],
  );
}
