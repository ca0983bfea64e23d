import { isDeepStrictEqual } from 'node:util';
import type { FieldDiff } from '../changes/change.ts';
import { changeView, type Effect, titleOf } from '../changes/registry.ts';
import { effectsOf, type HostPlan, type PlannedStep } from './host-plan.ts';
import { withoutSecrets } from './open-plan.ts';
import { summaryOf } from './summary.ts';

/**
 * How a host differs from when its plan was made, judged by what the same steps would do now: a sentence each, with
 * its step. Empty if nothing differs. Not escaped; contains no secret.
 */
export function changedSince(reviewed: HostPlan, fresh: HostPlan): string[] {
  const [then, now] = [withoutSecrets(reviewed).steps, withoutSecrets(fresh).steps];
  return Array.from({ length: Math.max(then.length, now.length) }, (_, i) => {
    const [old, other] = [then[i], now[i]];
    const step = old ?? (other as PlannedStep);
    return stepDifferences(old, other).map((text) => `step ${step.index + 1}, ${step.name}: ${text}`);
  }).flat();
}

function stepDifferences(then: PlannedStep | undefined, now: PlannedStep | undefined): string[] {
  if (now === undefined) return ['it can no longer be planned'];
  const unknowns = then?.unknowns ?? [];
  const effects = then === undefined ? [] : effectsOf(then);
  const fresh = effectsOf(now);
  const gone = effects.filter((effect) => !fresh.some((other) => isAbout(other, effect)));
  return [
    ...unknowns
      .filter((reason) => !now.unknowns.includes(reason))
      .map((reason) => `in the plan it is unknown (${reason})`),
    ...now.unknowns
      .filter((reason) => !unknowns.includes(reason))
      .map((reason) => `now it is unknown (${reason})`),
    ...fresh.flatMap((effect) => {
      const same = effects.find((other) => isAbout(other, effect));
      return same === undefined ? added(effect) : differences(same, effect);
    }),
    ...gone.map((effect) => `${summaryOf(effect)} is no longer to do`),
  ];
}

/** Whether two concern one object. */
function isAbout(a: Effect, b: Effect): boolean {
  const [x, y] = [titleOf(a), titleOf(b)];
  return a.type === b.type && x.noun === y.noun && x.target === y.target;
}

function added(effect: Effect): string[] {
  const { fields } = changeView(effect);
  const shown = fields.map(
    (field) => `${field.field} ${shownValue(field, 'before')} → ${shownValue(field, 'after')}`,
  );
  return [`it would now ${summaryOf(effect)}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`];
}

function differences(then: Effect, now: Effect): string[] {
  if (isDeepStrictEqual(then, now)) return [];
  const [old, fresh] = [changeView(then), changeView(now)];
  const names = new Set([...old.fields, ...fresh.fields].map(({ field }) => field));
  const found = [...names].flatMap((name) => {
    const [a, b] = [old.fields, fresh.fields].map((fields) => fields.find(({ field }) => field === name));
    if (isDeepStrictEqual(a, b)) return [];
    if (b === undefined) return old.action === fresh.action ? [`${name} is already as planned`] : [];
    if (a === undefined)
      return [
        b.before === undefined
          ? `${name} would now be ${shownValue(b, 'after')}`
          : `${name} is now ${shownValue(b, 'before')}`,
      ];
    if (a.before !== b.before)
      return [`${name} was ${shownValue(a, 'before')}, is now ${shownValue(b, 'before')}`];
    return [`${name} would become ${shownValue(b, 'after')}, not ${shownValue(a, 'after')}`];
  });
  const what = found.length > 0 ? found : paths(then, now);
  const other = old.action === fresh.action ? '' : ` (to ${fresh.action}, not to ${old.action})`;
  return [`${fresh.noun} ${fresh.target}${other}: ${what.join('; ')}`];
}

const longest = 60;

function shownValue(field: FieldDiff, side: 'before' | 'after'): string {
  const value = field[side];
  if (value === undefined) return '(none)';
  const text = String(value);
  return field.text || text.length > longest ? 'another text' : text;
}

/** Where two values differ that look equal to a reviewer. */
function paths(then: unknown, now: unknown, path = ''): string[] {
  if (isDeepStrictEqual(then, now)) return [];
  if (!isObject(then) || !isObject(now)) {
    const [a, b] = [then, now].map((value) =>
      value === undefined ? '(none)' : JSON.stringify(value).slice(0, longest),
    );
    return [`${path} was ${a}, is now ${b}`];
  }
  const keys = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...keys].flatMap((key) => paths(then[key], now[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
