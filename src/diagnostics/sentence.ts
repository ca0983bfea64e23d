import type { Diagnostic } from './diagnostic.ts';

/** How many hosts are named; the others are counted. */
const named = 3;

/** The message after its hosts: a few by name, the others counted. Not escaped. */
export function sentence({ hosts = [], message }: Pick<Diagnostic, 'hosts' | 'message'>): string {
  if (hosts.length === 0) return message;
  // One more name is no longer than a count.
  const most = hosts.length === named + 1 ? named + 1 : named;
  const left = hosts.length - most;
  const names = hosts.slice(0, most).join(', ');
  return `${names}${left > 0 ? ` and ${left} more` : ''}: ${message}`;
}
