import { spendReading, spendText, spendWork } from '../model/schema/allowance.ts';
import { Fault, type Span } from './fault.ts';

/** What one template may take and make of itself: more than any sane file needs, and far less than hurts. */
export const limits = {
  /** UTF-16 units in any text that a template makes. */
  outputLength: 4 * 1024 * 1024,
  /** Rounds of all loops together, and elements looked at. */
  work: 1_000_000,
  /** Brackets, signs and statements inside each other. */
  nesting: 100,
  /** Operators, filters and attributes that work on each other's results. */
  depth: 1000,
} as const;

/** What rendering a template takes at least, in units of the play's allowance. */
const perTemplate = 10;

/** One per rendered template; what it takes is the whole play's loss, too. */
export class Budget {
  #left: number = limits.work;

  constructor() {
    spendWork(perTemplate);
  }

  /** A text is looked through. */
  read(text: string): void {
    spendReading(text.length);
  }

  /** A text was made. */
  made(value: unknown): void {
    if (typeof value === 'string') spendText(value.length);
  }

  spend(work: number): void {
    spendWork(work);
    this.#left -= work;
    if (this.#left < 0) {
      throw new Fault('template-too-large', `the template loops over more than ${limits.work} elements`);
    }
  }
}

/** More levels than `limits.nesting`, or more in a row than `limits.depth`. */
export function tooDeep(span: Span): Fault {
  return new Fault('template-too-large', 'the template is nested too deeply', span);
}
