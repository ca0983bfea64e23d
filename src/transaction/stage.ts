import { type Change, type Effect, primitiveOf, touchesOf, usesOf } from '../changes/registry.ts';
import type { SettleAction } from '../changes/settle/action.ts';
import { destroysAny, settleKey, settleOrder, settleTypeOf } from '../changes/settle/registry.ts';
import { armedStage, isArmedStage, type StageName, stageNames } from '../changes/stage.ts';
import { InternalError } from '../diagnostics/errors.ts';
import type { HostPlan } from '../plan/host-plan.ts';

export type { StageName } from '../changes/stage.ts';

/** A change with its number in the stage (from 1) and its step. */
export interface NumberedChange {
  readonly id: string;
  readonly step: number;
  readonly stepName: string;
  readonly change: Change;
  /** Its output may contain secrets that only its playbook knows. */
  readonly secret?: true;
}

/** A settle action with its id in the stage, and what needs it. */
export interface NumberedSettle {
  readonly id: string;
  readonly action: SettleAction;
  /** Ids of the changes that need it. */
  readonly after: readonly string[];
  /** The steps that ask for it themselves, whatever they change. */
  readonly by: readonly Asker[];
  /** The last of the steps that are done by then. */
  readonly behind: Asker;
}

type Asker = Pick<NumberedChange, 'step' | 'stepName'>;

/** What one host program does: changes and settle actions, in order. */
export interface Stage {
  readonly name: StageName;
  readonly changes: readonly NumberedChange[];
  readonly settles: readonly NumberedSettle[];
  /** Ids of both, in the order in which apply runs them. */
  readonly order: readonly string[];
}

/**
 * Splits a plan into stages; an empty one is left out. Settle actions run once, at the end, or before the next change
 * that may depend on their effects, or that relies on what they destroy.
 */
export function stagesOf(plan: HostPlan): Stage[] {
  const drafts = new Map(stageNames.map((name) => [name, new StageDraft(name)]));
  for (const { index: step, name: stepName, changes, settle = [], secret } of plan.steps) {
    for (const change of changes) {
      const draft = drafts.get(primitiveOf(change).stage);
      draft?.add({ step, stepName, change, ...(secret ? { secret } : {}) });
    }
    for (const action of settle) drafts.get(armedStage)?.ask(action, { step, stepName });
  }
  return [...drafts.values()].map((draft) => draft.end()).filter(({ order }) => order.length > 0);
}

/** Actions with one key, merged, and what needs them. */
interface Waiting {
  readonly action: SettleAction;
  readonly after: readonly string[];
  readonly by: readonly Asker[];
}

class StageDraft {
  readonly #name: StageName;
  readonly #changes: NumberedChange[] = [];
  readonly #settles: NumberedSettle[] = [];
  readonly #order: string[] = [];
  readonly #waiting = new Map<string, Waiting>();
  #last: Asker = { step: 0, stepName: '' };

  constructor(name: StageName) {
    this.#name = name;
  }

  /** @throws InternalError: what may cut the host off only runs armed. */
  add(one: Omit<NumberedChange, 'id'>): void {
    const { change } = one;
    if (!isArmedStage(this.#name) && change.risks?.includes('ssh-path'))
      throw new InternalError(
        `a change that touches the way of SSH would run unarmed, in stage ${this.#name}`,
      );
    if (primitiveOf(change).needsSettled || this.#isEndedBy(change)) this.#flush();
    const id = `${this.#changes.length + 1}`;
    this.#changes.push({ id, ...one });
    this.#last = { step: one.step, stepName: one.stepName };
    this.#order.push(id);
    for (const action of change.settle ?? []) this.#wait(action, { after: [id], by: [] });
  }

  /** Adds a step's own settle action. */
  ask(action: SettleAction, asker: Asker): void {
    this.#wait(action, { after: [], by: [asker] });
    this.#last = asker;
  }

  end(): Stage {
    this.#flush();
    return { name: this.#name, changes: this.#changes, settles: this.#settles, order: this.#order };
  }

  /** Whether a pending settle action would destroy something that a change relies on. */
  #isEndedBy(change: Change): boolean {
    const things = () => [...touchesOf(change), ...usesOf(change)];
    return [...this.#waiting.values()].some(({ action }) => destroysAny(action, things));
  }

  #wait(action: SettleAction, { after, by }: Omit<Waiting, 'action'>): void {
    const key = settleKey(action);
    const now = this.#waiting.get(key);
    const all = now === undefined ? action : settleTypeOf(action).merge(now.action, action);
    this.#waiting.set(key, {
      action: all,
      after: [...(now?.after ?? []), ...after],
      by: [...(now?.by ?? []), ...by],
    });
  }

  #flush(): void {
    for (const one of settleOrder(this.#waiting.values())) {
      const id = `s${this.#settles.length + 1}`;
      this.#settles.push({ id, ...one, behind: this.#last });
      this.#order.push(id);
    }
    this.#waiting.clear();
  }
}

/** The effects of a stage for its record: changes, and steps' own settle actions, in the order of apply. */
export function stagedEffects({ changes, settles, order }: Stage) {
  const own = settles.filter(({ by }) => by.length > 0);
  const done = new Map<string, Effect>([
    ...changes.map(({ id, change }) => [id, change] as const),
    ...own.map(({ id, action }) => [id, action] as const),
  ]);
  return {
    changes: order.flatMap((id) => {
      const change = done.get(id);
      return change === undefined ? [] : [{ id, change }];
    }),
    settles: settles.map(({ id, action, after, by }) => ({
      id,
      key: settleKey(action),
      after: by.length === 0 ? after : [...after, id],
    })),
  };
}
