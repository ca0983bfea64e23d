import type { Span } from './template-error.ts';

/** A filter's input and arguments are known and defined, all the way down. */
export interface Filter {
  /** The number of arguments, all required. */
  readonly arguments: number;
  readonly apply: (input: unknown, args: readonly unknown[], span: Span | undefined) => unknown;
  /** It returns its argument in place of an undefined value, and costs nothing otherwise. */
  readonly onMissing?: true;
}
