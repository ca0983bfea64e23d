import { jsonText } from '../text/json-text.ts';
import type { Reporter } from './reporter.ts';

/**
 * One JSON object a line: the event, and its time as `at` (ISO 8601, UTC). docs/reference/run-events.md describes the
 * keys.
 */
export function jsonReporter(write: (text: string) => void, now: () => Date = () => new Date()): Reporter {
  return {
    handle: (event) => write(`${jsonText({ at: now().toISOString(), ...event })}\n`),
    aside: (work) => work(),
    close: async () => {},
  };
}
