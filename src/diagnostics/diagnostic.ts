import type { Code } from './codes/registry.ts';
/** A text that a user wrote. Ranges refer to it by identity, so that a code frame needs nothing else. */
export interface SourceFile {
  /** As the user named it; shown in messages. */
  readonly path: string;
  readonly text: string;
  /** Nothing of it may be shown. */
  readonly secret?: true;
}

/** Half-open range of UTF-16 offsets in a source file. */
export interface SourceRange {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/**
 * One thing that is wrong with what a user wrote. A value, never thrown: whoever finds one
 * collects it and goes on, so that all of them are reported at once.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** A stable kebab-case name, for example `unknown-kind`. */
  readonly code: Code;
  /** One sentence, without a full stop, that says what is wrong. */
  readonly message: string;
  /** The hosts that it is said of, in the play's order; left out: none in particular, or all of them. */
  readonly hosts?: readonly string[];
  readonly range?: SourceRange;
  /** What to do about it. */
  readonly hint?: string;
}

/** An error, as a value. */
export function error(code: Code, message: string, range: SourceRange, hint?: string): Diagnostic {
  return { severity: 'error', code, message, range, ...(hint === undefined ? {} : { hint }) };
}

/** A warning, as a value. */
export function warning(code: Code, message: string, range: SourceRange, hint?: string): Diagnostic {
  return { severity: 'warning', code, message, range, ...(hint === undefined ? {} : { hint }) };
}

/** A value where there could be one, and everything that was wrong on the way. */
export interface Checked<T> {
  /** Absent exactly when a diagnostic of severity `error` prevented it. */
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
