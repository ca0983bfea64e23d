import { escapeControl } from '../../diagnostics/escape.ts';
import { naturalOrder } from '../../ipam/natural-order.ts';

/** A run of numbered hosts at least this long is written as a range. */
const shortestRange = 4;

/**
 * Hosts' names as a list, sorted as people count; four and more that are numbered one after the other as an
 * inventory writes them: `docker[1:20]`. Escaped.
 */
export function hostNames(hosts: Iterable<string>): string {
  const names = naturalOrder(hosts);
  const parts: string[] = [];
  for (let i = 0; i < names.length; ) {
    const end = endOfRun(names, i);
    if (end - i + 1 >= shortestRange) parts.push(range(names[i] ?? '', names[end] ?? ''));
    else parts.push(...names.slice(i, end + 1));
    i = end + 1;
  }
  return parts.map(escapeControl).join(', ');
}

/**
 * Some of the hosts, in the fewest words: `all 3 hosts`, `both hosts`, `all but docker2`, or their names. Nothing when
 * there is only one host anyway.
 */
export function hostsAmong(hosts: ReadonlySet<string>, all: readonly string[]): string {
  if (all.length <= 1 && hosts.size === all.length) return '';
  if (hosts.size === all.length) return all.length === 2 ? 'both hosts' : `all ${all.length} hosts`;
  // Asked for every row of a table: who is left out is looked for only where few can be.
  if (hosts.size <= 2 || all.length - hosts.size > 2) return hostNames(hosts);
  return `all but ${hostNames(all.filter((host) => !hosts.has(host)))}`;
}

/** `3 hosts`, `1 host`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** The index of the last name of those that count up by one from `start`. */
function endOfRun(names: readonly string[], start: number): number {
  let end = start;
  while (end + 1 < names.length && follows(names[end] ?? '', names[end + 1] ?? '')) end++;
  return end;
}

function follows(a: string, b: string): boolean {
  const [first, second] = [numbered(a), numbered(b)];
  if (first === undefined || second === undefined || first.stem !== second.stem) return false;
  const next = String(Number(first.digits) + 1);
  return second.digits === (first.digits.startsWith('0') ? next.padStart(first.digits.length, '0') : next);
}

function range(from: string, to: string): string {
  return `${numbered(from)?.stem}[${numbered(from)?.digits}:${numbered(to)?.digits}]`;
}

/** Names with at most nine digits at the end, so that they are safe integers. */
function numbered(name: string): { stem: string; digits: string } | undefined {
  const match = /^(.*?\D|)(\d{1,9})$/s.exec(name);
  return match === null ? undefined : { stem: match[1] ?? '', digits: match[2] ?? '' };
}
