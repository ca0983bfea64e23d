import type { RunEvent } from '../run/events.ts';

/** Shows a run while it goes on. */
export interface Reporter {
  /** Never throws, and never waits. */
  handle(event: RunEvent): void;
  /** Shows what is still to be shown and leaves the terminal as it was. Call it once, at the end. */
  close(): Promise<void>;
}
