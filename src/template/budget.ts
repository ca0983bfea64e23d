import { Fault } from './fault.ts';

/** What one template may make of itself: more than any sane file needs, and far less than hurts. */
export const limits = {
  /** UTF-16 units in any text that a template makes. */
  outputLength: 4 * 1024 * 1024,
  /** Rounds of all loops together, and elements looked at. */
  work: 1_000_000,
  /** White space in a row: the tokenizer's time grows with its square. */
  blank: 10_000,
} as const;

/** One per rendered template. */
export class Budget {
  #left: number = limits.work;

  spend(work: number): void {
    this.#left -= work;
    if (this.#left < 0) {
      throw new Fault('template-too-large', `the template loops over more than ${limits.work} elements`);
    }
  }
}
