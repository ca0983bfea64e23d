import type { Trace } from '../changes/trace.ts';
import type { Described } from '../kinds/described.ts';
import { kinds } from '../kinds/registry.ts';
import { thingsOf } from '../lint/things.ts';
import type { ResolvedStep } from '../model/resolved.ts';

/** How to remove something: a step with `state: absent`, as a user could write it. */
export interface Removal {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The step that removes what a change left: of the kind to which the change belongs, or of another one that can. */
export function removalOf({ removable }: Trace): { readonly removal?: Removal } {
  if (removable === undefined) return {};
  const found = [...kinds.values()].flatMap(({ name, takesAway }) => {
    const params = takesAway?.(removable);
    return params === undefined ? [] : [{ kind: name, params }];
  });
  const isPart = (one: Described) =>
    one.is === 'file' && one.part === true && removable.is === 'file' && one.path === removable.path;
  const removal = found.find((one) => removedBy(one).some(isPart)) ?? found[0];
  return removal === undefined ? {} : { removal };
}

/** The heading of all removals of a plan. */
export const removalName = 'Left over';

/**
 * The removal as a step, which is planned, verified and undone like any other. It comes before the playbook's own.
 *
 * @param index The number of the playbook's steps, which none of them has as its index.
 * @param playbook Its path, for the places of problems.
 */
export function removalStep({ kind, params }: Removal, index: number, playbook: string): ResolvedStep {
  const nowhere = { source: { path: playbook, text: '' }, start: 0, end: 0 };
  const step = { index, name: removalName, kind, params, tags: [], vars: {}, locate: () => nowhere };
  return { step: { ...step, prune: true as const }, name: removalName, params };
}

/** Dependents first: networks, a daemon, its files, tunnels, bridges, their members. */
const order = ['network', 'daemon', 'file', 'tunnels', 'container-link', 'link', 'link ovs'];

/** When something must be removed; greater is later. */
export function removalRank(removal: Removal | undefined): number {
  const ranks = removedBy(removal).flatMap((thing) => {
    const rank = order.indexOf(thing.is === 'link' && thing.type === 'ovs' ? 'link ovs' : thing.is);
    return rank < 0 ? [] : [rank];
  });
  return Math.min(order.length, ...ranks);
}

/** The things that a removal removes. */
export function removedBy(removal: Removal | undefined): readonly Described[] {
  if (removal === undefined) return [];
  return thingsOf(removalStep(removal, 0, '')).flatMap(({ thing }) =>
    thing.does === 'removes' ? [thing] : [],
  );
}
