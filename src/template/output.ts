import { spendText } from '../model/schema/allowance.ts';
import type { Span } from './fault.ts';
import { bounded, textOf, UNKNOWN } from './values.ts';

/** Collects what a template puts out. */
export class Output {
  #parts: string[] = [];
  #length = 0;
  /** Whether anything put out so far is UNKNOWN, and with it the whole text. */
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
