import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { describePlace } from '../../src/diagnostics/position.ts';
import { sortDiagnostics } from '../../src/diagnostics/sort.ts';

/** Diagnostics for tests: `file:line:column code message (hint)`, warnings marked, sorted. */
export function lines(diagnostics: readonly Diagnostic[]): string[] {
  return sortDiagnostics(diagnostics).map((d) =>
    [
      ...(d.range === undefined ? [] : [describePlace(d.range)]),
      ...(d.severity === 'warning' ? ['warning'] : []),
      d.code,
      d.message,
      ...(d.hint === undefined ? [] : [`(${d.hint})`]),
    ].join(' '),
  );
}
