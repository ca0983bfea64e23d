import { spendReading, spendText, spendWork } from '../source/allowance.ts';
import { type Span, TemplateError } from './template-error.ts';

/** The limits of one template: far more than a reasonable file needs, and far less than does harm. */
export const limits = {
  /** UTF-16 units in any text that a template produces. */
  outputLength: 4 * 1024 * 1024,
  /** Iterations of all loops together, and elements visited. */
  work: 1_000_000,
  /** Nested brackets, signs and statements. */
  nesting: 100,
  /** Operators, filters and attributes applied to each other's results. */
  depth: 1000,
} as const;

/** The least that rendering a template costs, in units of the play's allowance. */
const perTemplate = 10;

/** One per rendered template; what it spends also counts for the whole play. */
export class Budget {
  #left: number = limits.work;

  constructor() {
    spendWork(perTemplate);
  }

  /** A text was searched. */
  read(text: string): void {
    spendReading(text.length);
  }

  /** A text was produced. */
  made(value: unknown): void {
    if (typeof value === 'string') spendText(value.length);
  }

  spend(work: number): void {
    spendWork(work);
    this.#left -= work;
    if (this.#left < 0) {
      throw new TemplateError(
        'template-too-large',
        `the template loops over more than ${limits.work} elements`,
      );
    }
  }
}

/** More levels than `limits.nesting`, or a longer chain than `limits.depth`. */
export function tooDeep(span: Span): TemplateError {
  return new TemplateError('template-too-large', 'the template is nested too deeply', span);
}
