import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { positionAt } from '../../diagnostics/position.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A diagnostic as JSON. Lines and columns count from 1; `endColumn` is the one after the last character. */
export interface DiagnosticJson {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** All hosts that it is about; undefined: no particular host, or all of the play. */
  readonly hosts?: readonly string[];
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly hint?: string;
}

/** Contains no secret. */
export function diagnosticToJson(diagnostic: Diagnostic): DiagnosticJson {
  const { severity, code, message, hosts, range, hint } = withoutSecrets(diagnostic);
  const where =
    range === undefined
      ? {}
      : placeToJson(
          range.source.path,
          positionAt(range.source, range.start),
          positionAt(range.source, range.end),
        );
  return {
    severity,
    code,
    message,
    ...(hosts === undefined ? {} : { hosts }),
    ...where,
    ...(hint === undefined ? {} : { hint }),
  };
}

type At = { readonly line: number; readonly column: number };

function placeToJson(file: string, start: At, end: At) {
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
