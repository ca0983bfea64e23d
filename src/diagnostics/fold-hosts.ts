import type { Diagnostic, SourceRange } from './diagnostic.ts';

/**
 * What is said of several hosts alike, once and with all of them; of all hosts, with none. What stands at hosts' own
 * places in the inventory is alike wherever it stands, and is shown at the first of them. Keeps the order of what comes
 * first.
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
