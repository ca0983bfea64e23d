import { spendText } from '../source/allowance.ts';
import type { Span } from './template-error.ts';
import { bounded, textOf, UNKNOWN } from './values.ts';

/** Collects the output of a template. */
export class Output {
  #parts: string[] = [];
  #length = 0;
  /** Whether any output so far is UNKNOWN, which makes the whole text unknown. */
  unknown = false;

  put(value: unknown, span?: Span): void {
    if (value === UNKNOWN) {
      this.unknown = true;
      return;
    }
    const text = textOf(value, span);
    this.#length += text.length;
    bounded(this.#length, span);
    spendText(text.length);
    this.#parts.push(text);
  }

  text(): string {
    return this.#parts.join('');
  }
}
