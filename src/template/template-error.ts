import type { Code } from '../diagnostics/codes/registry.ts';
import type { SourceRange } from '../diagnostics/diagnostic.ts';

/** A part of a template's text, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * An error in a template, thrown while it is compiled or evaluated. Code that knows the text's position turns it into
 * a Diagnostic. It never leaves this folder.
 */
export class TemplateError extends Error {
  readonly code: Code;
  readonly span: Span | undefined;
  readonly hint: string | undefined;
  /** The position of the error if it is not in the template. */
  readonly range: SourceRange | undefined;
  constructor(code: Code, message: string, span?: Span, hint?: string, range?: SourceRange) {
    super(message);
    this.code = code;
    this.span = span;
    this.hint = hint;
    this.range = range;
  }
}
