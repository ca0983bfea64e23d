import type { Part } from '../changes/change.ts';
import { changeView, type Effect, recheckOf } from '../changes/registry.ts';
import type { Facts } from '../facts/fact.ts';
import { effectsOf, type HostPlan, type PlannedStep } from '../plan/host-plan.ts';
import { type KeptChange, keepStage } from '../plan/kept-stage.ts';
import { type Owner, ownerOf, type StandingRun } from '../plan/owner.ts';

/** A part of a host that isn't as a step wants it. */
export interface Difference {
  readonly step: Pick<PlannedStep, 'index' | 'name' | 'kind'>;
  /** Its name, which is the same in records of runs: `OVS port lab-docker2 options:remote_ip`. */
  readonly part: string;
  /** Null: it shall not be there. Left out: it can't be known. */
  readonly wanted?: Part;
  /** Null: it isn't there. Left out: it can't be known. */
  readonly found?: Part;
  readonly owner: Owner;
}

/**
 * What a plan would change, seen from the host: each part once, with the value that is wanted and the one that was
 * found. Of what is missing as a whole, or there as a whole, nothing more is said. In a step whose answer isn't
 * complete, a change may not be needed: it counts only by parts that are known to differ. Pure.
 */
export function differencesOf(plan: HostPlan, facts: Facts, runs: readonly StandingRun[]): Difference[] {
  const staged = plan.steps.flatMap((step, s) => {
    const { index, name, kind, unknowns } = step;
    return effectsOf(step).map((change, c) => ({
      id: `${s}.${c}`,
      change,
      step: { index, name, kind },
      certain: unknowns.length === 0,
    }));
  });
  const { changes: kept } = keepStage({ changes: staged, settles: [] }, facts);
  const said = new Set<string>();
  return staged.flatMap(({ id, change, step, certain }) =>
    (certain ? partsOf(change, kept[id]) : differingParts(kept[id]))
      .filter(({ part }) => !said.has(part))
      .map((values) => {
        said.add(values.part);
        // Where a change is said as a whole, whose it is shows in its parts.
        const within = Object.keys(kept[id]?.after ?? {});
        return { step, ...values, owner: ownerOf(values.part, runs, facts, within) };
      }),
  );
}

interface Values {
  readonly part: string;
  readonly wanted?: Part;
  readonly found?: Part;
}

function partsOf(change: Effect, kept: KeptChange | undefined): Values[] {
  const { before, after } = kept ?? {};
  if (before === undefined || after === undefined) return [wholeOf(change, kept)];
  const differing = differingParts(kept);
  return differing.length > 0 ? differing : [wholeOf(change, undefined)];
}

/** The parts that are known before and after, and differ. */
function differingParts(kept: KeptChange | undefined): Values[] {
  const { before, after, change } = kept ?? {};
  if (before === undefined || after === undefined || change === undefined) return [];
  const within = (part: string, value: Part) => recheckOf(change)?.within?.(part, value);
  const differing = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .map((part) => ({ part, wanted: after[part] ?? null, found: before[part] ?? null }))
    .filter(({ wanted, found }) => JSON.stringify(wanted) !== JSON.stringify(found));
  const whole = differing.filter(({ wanted, found }) => wanted === null || found === null);
  const goesWith = ({ part, wanted, found }: Values) =>
    whole.some(
      (other) => part.startsWith(`${other.part} `) || other.part === within(part, wanted ?? found ?? null),
    );
  return differing.filter((values) => !goesWith(values));
}

/** A change of which no parts are known, as its reviewer sees it. */
function wholeOf(change: Effect, kept: KeptChange | undefined): Values {
  const { action, noun, target, fields } = changeView(change);
  const part = `${noun} ${target}`;
  if (action === 'run') return { part, wanted: 'done', found: 'not done' };
  const whole = recheckOf(change)?.whole?.(change);
  if (whole !== undefined) return { part, ...whole };
  const side = (which: 'before' | 'after') => {
    const set = fields.flatMap(({ field, text, [which]: value }) =>
      value === undefined || text ? [] : [`${field} ${value}`],
    );
    return set.length === 0 ? 'there' : set.join(', ');
  };
  return {
    part,
    wanted: action === 'delete' ? null : side('after'),
    ...(kept !== undefined && kept.before === undefined
      ? {}
      : { found: action === 'create' ? null : side('before') }),
  };
}
