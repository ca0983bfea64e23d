import type { RunEvent } from '../../run/events.ts';

/** Shows a run in progress. */
export interface Reporter {
  /** Never throws, and never waits. */
  handle(event: RunEvent): void;
  /** Leaves the terminal to `work`, which asks the user something. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** Shows what is pending, and restores the terminal. Call it once, at the end. */
  close(): Promise<void>;
}
