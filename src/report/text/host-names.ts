import { escapeControl } from '../../diagnostics/escape.ts';
import { naturalOrder } from '../../ipam/natural-order.ts';

/** Numbered hosts are written as a range if there are at least this many in a row. */
const shortestRange = 4;

/**
 * Names of hosts as a list in natural order; four and more with consecutive numbers as an inventory writes them:
 * `docker[1:20]`. Escaped.
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
 * Some of the hosts, as short as possible: `all 3 hosts`, `both hosts`, `all but docker2`, or their names. Empty if
 * there is only one host.
 */
export function hostsAmong(hosts: ReadonlySet<string>, all: readonly string[]): string {
  if (all.length <= 1 && hosts.size === all.length) return '';
  if (hosts.size === all.length) return all.length === 2 ? 'both hosts' : `all ${all.length} hosts`;
  // Called for every row of a table, so missing hosts are searched for only if there can be few.
  if (hosts.size <= 2 || all.length - hosts.size > 2) return hostNames(hosts);
  return `all but ${hostNames(all.filter((host) => !hosts.has(host)))}`;
}

/** `3 hosts`, `1 host`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** The index of the last name in a row of consecutive numbers from `start`. */
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

/** Names that end in at most nine digits, so that the number is a safe integer. */
function numbered(name: string): { stem: string; digits: string } | undefined {
  const match = /^(.*?\D|)(\d{1,9})$/s.exec(name);
  return match === null ? undefined : { stem: match[1] ?? '', digits: match[2] ?? '' };
}
