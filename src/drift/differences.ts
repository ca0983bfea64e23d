import type { Part } from '../changes/change.ts';
import { changeView, type Effect, recheckOf } from '../changes/registry.ts';
import type { Facts } from '../facts/fact.ts';
import { effectsOf, type HostPlan, type PlannedStep } from '../plan/host-plan.ts';
import { type Owner, ownerOf, type RunInForce } from '../plan/owner.ts';
import { type RecordedChange, recordStage } from '../plan/recorded-stage.ts';

/** A part of a host that isn't as a step wants it. */
export interface Difference {
  readonly step: Pick<PlannedStep, 'index' | 'name' | 'kind'>;
  /** Its name, the same in records of runs: `OVS port lab-docker2 options:remote_ip`. */
  readonly part: string;
  /** Null: it should not exist. Undefined: unknown. */
  readonly wanted?: Part;
  /** Null: it doesn't exist. Undefined: unknown. */
  readonly found?: Part;
  readonly owner: Owner;
}

/**
 * What a plan would change, seen from the host: each part once, with its wanted and its found value. An object that is
 * missing or present as a whole is reported without its parts. In a step whose answer isn't complete, a change may be
 * unnecessary, so only parts that are known to differ count. Pure.
 */
export function differencesOf(plan: HostPlan, facts: Facts, runs: readonly RunInForce[]): Difference[] {
  const staged = plan.steps.flatMap((step, s) => {
    const { index, name, kind, unknowns } = step;
    return effectsOf(step).map((change, c) => ({
      id: `${s}.${c}`,
      change,
      step: { index, name, kind },
      certain: unknowns.length === 0,
    }));
  });
  const { changes: kept } = recordStage({ changes: staged, settles: [] }, facts);
  const said = new Set<string>();
  return staged.flatMap(({ id, change, step, certain }) =>
    (certain ? partsOf(change, kept[id]) : differingParts(kept[id]))
      .filter(({ part }) => !said.has(part))
      .map((values) => {
        said.add(values.part);
        // If a change is reported as a whole, its owner is that of its parts.
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

function partsOf(change: Effect, kept: RecordedChange | undefined): Values[] {
  const { before, after } = kept ?? {};
  if (before === undefined || after === undefined) return [wholeOf(change, kept)];
  const differing = differingParts(kept);
  return differing.length > 0 ? differing : [wholeOf(change, undefined)];
}

/** The parts that are known before and after, and differ. */
function differingParts(kept: RecordedChange | undefined): Values[] {
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

/** A change whose parts are unknown, as its reviewer sees it. */
function wholeOf(change: Effect, kept: RecordedChange | undefined): Values {
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
