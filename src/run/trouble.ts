import { exitCodes, RunError } from '../diagnostics/errors.ts';
import type { HostResult, Trouble } from './events.ts';

/**
 * The trouble of a caught error for its host. A bug of ours is a trouble, too: it must not prevent the run from
 * undoing what it began.
 */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof RunError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
  }
  return {
    code: 'internal',
    message: `a bug of meshbook's: ${(error as Error).message}`,
    hint: 'please report it',
    output: (error as Error).stack ?? String(error),
  };
}

/** The same for each host. */
export function troublesOf(failed: ReadonlyMap<string, unknown>): Map<string, Trouble> {
  return new Map([...failed].map(([host, error]) => [host, troubleOf(error)]));
}

/** The worst of a run wins: in doubt, then failed (or left alone in a conflict), then unreachable. */
export function exitCodeOf(results: Iterable<HostResult>, interrupted: boolean): number {
  const outcomes = [...results];
  if (outcomes.some(({ outcome }) => outcome === 'in-doubt')) return exitCodes.inDoubt;
  if (interrupted) return exitCodes.interrupted;
  // Something requested was not done.
  if (outcomes.some(({ left = [] }) => left.length > 0)) return exitCodes.failed;
  if (outcomes.some(({ outcome, trouble }) => trouble !== undefined && outcome !== 'unreachable'))
    return exitCodes.failed;
  if (outcomes.some(({ outcome }) => outcome === 'unreachable')) return exitCodes.unreachable;
  return exitCodes.done;
}
