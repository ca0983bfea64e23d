import type { RunEvent } from '../../run/events.ts';

/** Shows a run while it goes on. */
export interface Reporter {
  /** Never throws, and never waits. */
  handle(event: RunEvent): void;
  /** Leaves the terminal to `work`, which asks the user something. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** Shows what is still to be shown and leaves the terminal as it was. Call it once, at the end. */
  close(): Promise<void>;
}
