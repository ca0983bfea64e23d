import { isMapping, isNone, Missing, revealed } from './values.ts';

/** What may follow `is` and `is not`. */
export interface Predicate {
  readonly holds: (value: unknown) => boolean;
  /** It accepts undefined values. */
  readonly onMissing?: true;
}

export const predicates: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
  ['defined', { holds: (value) => !(value instanceof Missing), onMissing: true }],
  ['undefined', { holds: (value) => value instanceof Missing, onMissing: true }],
  ['none', { holds: isNone }],
  ['string', { holds: (value) => typeof revealed(value) === 'string' }],
  ['number', { holds: (value) => typeof revealed(value) === 'number' }],
  ['boolean', { holds: (value) => typeof value === 'boolean' }],
  ['sequence', { holds: Array.isArray }],
  ['mapping', { holds: isMapping }],
]);
