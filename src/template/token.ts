import type { Span } from './template-error.ts';

/** The smallest parts of an expression or statement. `end` is the end of the tag or of the text. */
export type Token =
  | { readonly type: 'name' | 'operator' | 'string' | 'end'; readonly value: string; readonly span: Span }
  | { readonly type: 'number'; readonly value: number; readonly span: Span };
