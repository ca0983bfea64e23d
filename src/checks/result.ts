import type { Pair } from './pairs.ts';

/** `unknown`: it could not be found out, and `output` says why. */
export type CheckState = 'ok' | 'failed' | 'unknown';

/** What came of one check for one pair. */
export interface CheckResult extends Pair {
  /** The check's index. */
  readonly check: number;
  readonly state: CheckState;
  /** The end of what was printed, or the reason; for people, escaped only when shown. */
  readonly output: string;
}
