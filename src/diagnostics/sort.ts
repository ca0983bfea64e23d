import type { Diagnostic } from './diagnostic.ts';

/** By file, then by position; those without a place come first. Duplicates are removed. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const d of diagnostics) {
    const key = JSON.stringify([
      d.severity,
      d.code,
      d.message,
      d.hosts,
      d.range?.source.path,
      d.range?.start,
      d.range?.end,
    ]);
    if (!seen.has(key)) seen.set(key, d);
  }
  return [...seen.values()].sort((a, b) => compare(pathOf(a), pathOf(b)) || startOf(a) - startOf(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function pathOf(diagnostic: Diagnostic): string {
  return diagnostic.range?.source.path ?? '';
}

function startOf(diagnostic: Diagnostic): number {
  return diagnostic.range?.start ?? -1;
}
