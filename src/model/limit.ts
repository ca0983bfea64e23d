import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { lineText, positionAt } from '../diagnostics/position.ts';
import { readSource } from '../source/read-source.ts';
import { matchHosts } from './pattern.ts';
import type { Inventory } from './types.ts';

type Hosts = Checked<readonly string[]>;

/**
 * The hosts that `--limit` leaves: a host pattern, or `@FILE` with a pattern on each line (blank lines and
 * lines that begin with `#` don't count; the lines add up).
 */
export function limitHosts(limit: string, inventory: Pick<Inventory, 'hosts' | 'groups'>): Hosts {
  if (!limit.startsWith('@')) return matchHosts(limit, inventory, { option: '--limit' });
  const source = readSource(limit.slice(1));
  if (source.value === undefined) return { diagnostics: source.diagnostics };
  const found = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const lines = positionAt(source.value, source.value.text.length).line;
  for (let line = 1; line <= lines; line++) {
    const { text, start } = lineText(source.value, line);
    if (/^\s*(#|$)/.test(text)) continue;
    const matched = matchHosts(text.trim(), inventory, {
      range: { source: source.value, start, end: start + text.length },
    });
    diagnostics.push(...matched.diagnostics);
    for (const name of matched.value ?? []) found.add(name);
  }
  if (diagnostics.length > 0) return { diagnostics };
  return { value: [...inventory.hosts.keys()].filter((name) => found.has(name)), diagnostics };
}
