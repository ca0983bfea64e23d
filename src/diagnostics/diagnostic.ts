import { tidy } from '../json/records.ts';
import type { Code } from './codes/registry.ts';
/** A text that a user wrote. Ranges refer to it by identity, so a code frame needs nothing else. */
export interface SourceFile {
  /** As the user named it; shown in messages. */
  readonly path: string;
  readonly text: string;
  /** Nothing of it may be shown. */
  readonly secret?: true;
}

/** A half-open range of UTF-16 offsets in a source file. */
export interface SourceRange {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/**
 * One error or warning about what a user wrote. A value, never thrown: it is collected and the search goes on, so that
 * all are reported at once.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** A stable kebab-case name, for example `unknown-kind`. */
  readonly code: Code;
  /** One sentence without a full stop that says what is wrong. */
  readonly message: string;
  /** The hosts that it is about, in the order of the play; undefined: no particular host, or all. */
  readonly hosts?: readonly string[];
  readonly range?: SourceRange;
  /** How to fix it. */
  readonly hint?: string;
}

/** An error, as a value. */
export function error(code: Code, message: string, range: SourceRange, hint?: string): Diagnostic {
  return tidy({ severity: 'error', code, message, range, hint });
}

/** A warning, as a value. */
export function warning(code: Code, message: string, range: SourceRange, hint?: string): Diagnostic {
  return tidy({ severity: 'warning', code, message, range, hint });
}

/** A value if there could be one, and all diagnostics on the way. */
export interface Checked<T> {
  /** Undefined exactly if a diagnostic of severity `error` prevented it. */
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
