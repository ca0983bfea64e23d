import type { Diagnostic, SourceRange } from './diagnostic.ts';

/**
 * Merges equal diagnostics of several hosts into one that names them; no names if it concerns all hosts. Diagnostics
 * at the hosts' own places in the inventory count as equal, and are shown at the first place. Keeps the order of first
 * occurrences.
 */
export function foldHosts(
  diagnostics: Iterable<Diagnostic>,
  hosts: readonly { readonly name: string; readonly at: SourceRange }[],
): Diagnostic[] {
  const own = new Set(hosts.map(({ at }) => at));
  const found = new Map<string, { diagnostic: Diagnostic; hosts: Set<string> }>();
  for (const diagnostic of diagnostics) {
    const { severity, code, message, range } = diagnostic;
    const place = range === undefined || own.has(range) ? [] : [range.source.path, range.start, range.end];
    const key = JSON.stringify([severity, code, message, diagnostic.hosts === undefined, ...place]);
    const same = found.get(key) ?? { diagnostic, hosts: new Set() };
    for (const host of diagnostic.hosts ?? []) same.hosts.add(host);
    found.set(key, same);
  }
  return [...found.values()].map(({ diagnostic: { hosts: _, ...diagnostic }, hosts: said }) =>
    said.size === 0 || said.size === hosts.length ? diagnostic : { ...diagnostic, hosts: [...said] },
  );
}
