import { type Span, TemplateError } from './template-error.ts';

/** The end of a tag. */
export const closings = { output: '}}', statement: '%}' } as const;

export const braces =
  "write literal braces as {{ '{{' }} and {{ '}}' }}, or between {% raw %} and {% endraw %}";

/** The text isn't a valid template. */
export function syntaxFault(message: string, span: Span | undefined, hint?: string): TemplateError {
  return new TemplateError('template-syntax', message, span, hint);
}

/** Valid in Jinja, but not supported here. */
export function notAllowed(message: string, span: Span, hint?: string): TemplateError {
  return new TemplateError('template-not-allowed', message, span, hint);
}
