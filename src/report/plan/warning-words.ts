import { sentence } from '../../diagnostics/sentence.ts';
import type { DiagnosticJson } from '../diagnostics/json.ts';

/** Warnings, a line each: place, message and hosts. Not escaped. */
export function warningWords(warnings: readonly DiagnosticJson[]): string[] {
  return warnings.map((warning) => {
    const { file, line, column, code } = warning;
    return `${file === undefined ? '' : `${file}:${line}:${column} `}${code}: ${sentence(warning)}`;
  });
}
