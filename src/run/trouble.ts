import { exitCodes, InternalError, RunError } from '../diagnostics/errors.ts';
import type { HostResult, Trouble } from './events.ts';

/** What a caught error means for its host. Bugs of ours are thrown on. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof RunError)) {
    throw error instanceof Error ? error : new InternalError(String(error));
  }
  return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

/** The worst of a run wins: in doubt, then failed, then unreachable. */
export function exitCodeOf(results: Iterable<HostResult>, interrupted: boolean): number {
  const outcomes = [...results];
  if (outcomes.some(({ outcome }) => outcome === 'in-doubt')) return exitCodes.inDoubt;
  if (interrupted) return exitCodes.interrupted;
  if (outcomes.some(({ outcome, trouble }) => trouble !== undefined && outcome !== 'unreachable')) return exitCodes.failed;
  if (outcomes.some(({ outcome }) => outcome === 'unreachable')) return exitCodes.unreachable;
  return exitCodes.done;
}
