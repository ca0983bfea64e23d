import { randomBytes } from 'node:crypto';
import { RunError } from '../diagnostics/errors.ts';

/** Minimum characters of a part of an id, so that a typo selects no run. */
const leastPart = 4;
/** How many runs are named if a part is ambiguous. */
const mostNamed = 5;

/** A run's id: sorts by time, and is unguessable enough to be unique. */
export function newRunId(now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace(/\..*/, '').replace('T', '-');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Whether `part` may mean a run: the beginning or the end of its id, or the beginning of the part after its time. */
export function isPart(part: string, id: string): boolean {
  return part !== '' && (id.startsWith(part) || id.endsWith(part) || lastPart(id).startsWith(part));
}

/** The part of an id after the time: people write it for the whole. */
export function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('-') + 1);
}

/**
 * The id of the run that a part of it means: its beginning, or that of its last part, or its end, four characters at
 * least. @throws RunError `state` when there is no such run, or more than one.
 */
export function idOf(part: string, ids: readonly string[]): string {
  if (ids.includes(part)) return part;
  const found = ids.filter((id) => isPart(part, id));
  const [id] = found;
  if (id !== undefined && part.length < leastPart) {
    throw new RunError('state', `${part} is too short to name a run`, {
      hint: `write at least ${leastPart} characters of its id: meshbook runs lists them`,
    });
  }
  if (id === undefined) {
    throw new RunError('state', `there is no run ${part} here`, {
      hint: 'meshbook runs lists them; --state-dir names another place',
    });
  }
  if (found.length > 1) {
    const some = found.length > mostNamed ? `${found.slice(-mostNamed).join(', ')}, …` : found.join(', ');
    throw new RunError('state', `${found.length} runs have ${part} in their ids`, {
      hint: `write more of one: ${some}`,
    });
  }
  return id;
}
