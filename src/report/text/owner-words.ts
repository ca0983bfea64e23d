import type { Part } from '../../changes/change.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import type { Owner } from '../../plan/owner.ts';
import { isText, shownPart } from './part-text.ts';

interface Values {
  readonly wanted?: Part;
  readonly found?: Part;
  readonly owner: Owner;
}

/** Who set a part that differs, and who may have changed it since. Escaped. */
export function ownerWords({ wanted, found, owner }: Values): string {
  if (owner.by === 'mark') return "meshbook's, by its mark; no run that this controller knows has set it";
  if (owner.by === 'nobody') return 'no run that this controller knows has ever set it';
  const run = runWords(owner);
  const { set, ran } = owner;
  if (ran === true) return `run by ${run}, and its guard has something to do again`;
  if (ran === false) return `left out by ${run}, since its guard had nothing to do then`;
  if (found === undefined) return `set by ${run}`;
  if (set === undefined) return `set by ${run}, and changed since by someone else`;
  const stands = same(found, set);
  const isWanted = wanted !== undefined && same(wanted, set);
  if (stands) return `as ${run} left it; the playbook or the inventory has changed since`;
  if (isWanted) return `set by ${run}, and changed since by someone else`;
  return `set by ${run} to ${isText(set) ? 'another text' : shownPart(set)}, and changed since by someone else; the playbook or the inventory has changed, too`;
}

/** `run 20260101-120000-abcdef (root, 2026-01-01 12:00 UTC)`. Escaped. */
export function runWords({ run, user, at }: Extract<Owner, { by: 'run' }>): string {
  return escapeControl(`run ${run} (${user}, ${minuteOf(at)})`);
}

/** For an ISO 8601 time in UTC. */
export function minuteOf(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):.*Z$/, '$1 $2 UTC');
}

function same(a: Part, b: Part): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
