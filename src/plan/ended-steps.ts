import { touchesOf, usesOf } from '../changes/registry.ts';
import type { SettleAction } from '../changes/settle/action.ts';
import { settleTypeOf } from '../changes/settle/registry.ts';
import { isSameThing, thingWords } from '../changes/thing.ts';
import type { KindPlan } from '../kinds/define-kind.ts';
import { effectsOf } from './host-plan.ts';

/** A step that asks for settle actions. */
interface Settling {
  readonly name: string;
  readonly settle: readonly SettleAction[];
}

/**
 * By their places, the steps whose results a later step's settle actions destroy, each with the reason, for example
 * because a restart of Docker ends a container's network namespace. `again`: what the earlier steps would do after it.
 */
export function endedSteps(
  again: () => readonly KindPlan[],
  { name, settle }: Settling,
): Map<number, string> {
  const ending = settle.flatMap((action) =>
    settleTypeOf(action)
      .destroys(action)
      .map((thing) => ({ action, thing })),
  );
  if (ending.length === 0) return new Map();
  return new Map(
    again().flatMap((plan, at): [number, string][] => {
      const needed = effectsOf(plan).flatMap((effect) => [...touchesOf(effect), ...usesOf(effect)]);
      const ended = ending.find(({ thing }) => needed.some((one) => isSameThing(one, thing)));
      if (ended === undefined) return [];
      const { thing, action } = ended;
      const what = `destroys the ${thingWords(thing)} (${settleTypeOf(action).words(action)})`;
      const why = `step "${name}" comes later and ${what}`;
      return [[at, `${why}: put this step after that one`]];
    }),
  );
}
