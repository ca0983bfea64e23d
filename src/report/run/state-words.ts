import { naturalOrder } from '../../ipam/natural-order.ts';
import type { HostState } from '../../journal/run-state.ts';
import { count } from '../text/host-names.ts';

/** How many hosts of a run are in which state: `2 undone, 1 partly undone (3 left)`. */
export function statesText(states: ReadonlyMap<string, HostState>): string {
  const all = [...states.values()];
  return [...new Set(all.map(({ state }) => state))]
    .map((state) => {
      const same = all.filter((other) => other.state === state);
      const left = same.reduce((sum, other) => sum + (other.left ?? 0), 0);
      return `${same.length} ${stateWord(state)}${left > 0 ? ` (${left} left)` : ''}`;
    })
    .join(', ');
}

/** A line for each host whose state has changed since the run; by host. */
export function sinceTexts(
  states: ReadonlyMap<string, HostState>,
  localTime: (iso: string) => string,
): Map<string, string> {
  return new Map(
    naturalOrder([...states.keys()]).flatMap((host) => {
      const state = states.get(host) as HostState;
      return state.was === undefined ? [] : [[host, sinceText(state, localTime)] as const];
    }),
  );
}

function sinceText(
  { state, by, left, until, forgotten }: HostState,
  localTime: (iso: string) => string,
): string {
  if (forgotten !== undefined) {
    return `forgotten by ${forgotten.user} on ${forgotten.controller}, ${localTime(forgotten.at)}`;
  }
  if (until !== undefined) {
    return `not confirmed by ${localTime(until)}, so the host has undone it by itself; meshbook status asks how`;
  }
  const rest = left === undefined ? '' : `, ${count(left, 'change')} left`;
  return state === 'in-doubt'
    ? `in doubt: its undo ${by} did not finish`
    : `${stateWord(state)} by ${by}${rest}`;
}

/** For people: `in doubt` for `in-doubt`. */
function stateWord(state: HostState['state']): string {
  return state.replaceAll('-', ' ');
}
