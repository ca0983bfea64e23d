import type { Code } from '../diagnostics/codes/registry.ts';
import type { SourceRange } from '../diagnostics/diagnostic.ts';

/** A piece of a template's text, by UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What is wrong with a template, thrown while it is compiled or evaluated and turned into a
 * Diagnostic by whoever knows where the text stands. Never leaves this folder.
 */
export class Fault extends Error {
  readonly code: Code;
  readonly span: Span | undefined;
  readonly hint: string | undefined;
  /** Where the mistake is, when not in the template. */
  readonly range: SourceRange | undefined;
  constructor(code: Code, message: string, span?: Span, hint?: string, range?: SourceRange) {
    super(message);
    this.code = code;
    this.span = span;
    this.hint = hint;
    this.range = range;
  }
}
