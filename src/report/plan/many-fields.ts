import type { FieldDiff } from '../../changes/change.ts';
import { mostRows } from '../text/many-rows.ts';

/** A summary of fields that are too many to read: a mesh of 1,000 hosts has 999 ports on each. */
export interface ManyFields {
  readonly count: number;
  /** The words that all of them contain. */
  readonly common: readonly string[];
}

export function areMany(fields: readonly FieldDiff[]): boolean {
  return fields.length > mostRows;
}

/** The fields without those of several words, such as a bridge's ports, which are counted instead. */
export function counted(fields: readonly FieldDiff[]): { fields: readonly FieldDiff[]; many: ManyFields } {
  const kept = fields.filter((field) => field.text || wordsOf(field).length === 1);
  const many = fields.filter((field) => !field.text && wordsOf(field).length > 1);
  let common = wordsOf(many[0]);
  for (const field of many) common = sharedWords(common, wordsOf(field));
  return { fields: kept, many: { count: many.length, common } };
}

export function sharedWords(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.every((word) => b.includes(word)) ? a : a.filter((word) => b.includes(word));
}

function wordsOf(field: FieldDiff | undefined): readonly string[] {
  return String(field?.after ?? field?.before ?? '').split(' ');
}
