import type { Pair } from './pairs.ts';

/** `unknown`: the check could not be made, and `output` says why. */
export type CheckState = 'ok' | 'failed' | 'unknown';

/** The result of one check for one pair. */
export interface CheckResult extends Pair {
  /** The check's index. */
  readonly check: number;
  readonly state: CheckState;
  /** The end of the output, or the reason; for people, escaped only when shown. */
  readonly output: string;
}
