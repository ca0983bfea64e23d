import type { Budget } from './budget.ts';
import { type Span, TemplateError } from './template-error.ts';
import { isNone, revealed, typeName } from './values.ts';

/** `[from:to:step]` in a template; omitted parts are undefined. */
export interface Slice {
  readonly from: unknown;
  readonly to: unknown;
  readonly step: unknown;
}

/** Code points, as in Python: an emoji is one character. */
export function characters(text: string): readonly string[] {
  return Array.from(text);
}

/** Counts characters without building a list. */
export function countCharacters(text: string): number {
  const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g);
  return text.length - (pairs?.length ?? 0);
}

/** The element of a list, or the character of a text, at an integer index; a negative one counts from the end. */
export function itemAt(given: unknown, index: unknown, budget: Budget): unknown {
  if (!Number.isInteger(index)) return undefined;
  const owner = revealed(given);
  if (Array.isArray(owner)) return owner.at(index as number);
  if (typeof owner !== 'string') return undefined;
  budget.spend(owner.length);
  return characters(owner).at(index as number);
}

/** The slice of a list or a text, as in Python. Throws TemplateError. */
export function sliceOf(given: unknown, slice: Slice, budget: Budget, at: Span): unknown {
  const whole = revealed(given);
  if (typeof whole !== 'string' && !Array.isArray(whole)) {
    throw new TemplateError(
      'type-mismatch',
      `parts are taken of lists and texts, not of ${typeName(whole)}`,
      at,
    );
  }
  const items: readonly unknown[] = typeof whole === 'string' ? characters(whole) : whole;
  budget.spend(items.length);
  const taken = indexes(items.length, slice, at).map((index) => items[index]);
  return typeof whole === 'string' ? taken.join('') : taken;
}

/** Python's language reference, "Subscriptions" and "sequence types": bounds beyond the ends are clipped. */
function indexes(length: number, slice: Slice, at: Span): number[] {
  const step = bound(slice.step, at) ?? 1;
  if (step === 0) throw new TemplateError('type-mismatch', "a slice's step can't be 0", at);
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamped = (value: number | undefined, otherwise: number) => {
    if (value === undefined) return otherwise;
    return Math.min(Math.max(value < 0 ? value + length : value, lowest), highest);
  };
  const from = clamped(bound(slice.from, at), step > 0 ? lowest : highest);
  const to = clamped(bound(slice.to, at), step > 0 ? highest : lowest);
  const found: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) found.push(i);
  return found;
}

function bound(value: unknown, at: Span): number | undefined {
  if (isNone(value)) return undefined;
  if (Number.isInteger(value)) return value as number;
  throw new TemplateError('type-mismatch', `a slice's bounds are whole numbers, not ${typeName(value)}`, at);
}
