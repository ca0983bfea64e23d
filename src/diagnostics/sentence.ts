import type { DiagnosticJson } from './json.ts';

/** Hosts that are named before the others are counted. */
const named = 3;

/** The message behind the hosts that it is said of: a few by name, the others counted. Not escaped. */
export function sentence({ hosts = [], message }: Pick<DiagnosticJson, 'hosts' | 'message'>): string {
  if (hosts.length === 0) return message;
  // One more is no longer than its count.
  const most = hosts.length === named + 1 ? named + 1 : named;
  const left = hosts.length - most;
  const names = hosts.slice(0, most).join(', ');
  return `${names}${left > 0 ? ` and ${left} more` : ''}: ${message}`;
}
