import type { HostResult } from '../run/events.ts';
import { type EndedUndo, expired } from '../run/run-state.ts';
import { isReachedAt } from '../run/same-host.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { Journal } from './journal.ts';

/** A run that a host has undone without being told by this controller. */
export interface ExpiredRun {
  readonly run: string;
  readonly target: HostTarget;
  readonly undo: EndedUndo;
}

/** Records how hosts have undone runs that are armed there by their records: nobody confirmed them in time. */
export function expire(journal: Journal, found: readonly ExpiredRun[]): void {
  for (const { id, hosts } of journal.list()) {
    const own = found.filter(({ run }) => run === id);
    const results = Object.values(hosts).flatMap(({ target, result }): [string, HostResult][] => {
      const one = own.find((other) => isReachedAt(other.target, target));
      if (one === undefined || result?.outcome !== 'armed') return [];
      const { armedUntil: _, ...before } = result;
      return [[target.name, { ...before, ...expired(one.undo) }]];
    });
    if (results.length > 0) journal.resume(id).settle(new Map(results));
  }
}
