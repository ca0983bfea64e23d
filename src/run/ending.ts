import type { OnFailure } from '../model/types.ts';

/** The parts of a run's end that decide what happens to its hosts. */
export interface RunEnd {
  /** Something failed on a host, a check failed, or the user interrupted the run. */
  readonly failed: boolean;
  readonly interrupted: boolean;
  readonly onFailure: OnFailure;
  /** The user will confirm the run. */
  readonly leaveArmed: boolean;
}

export type Ending = 'stays-armed' | 'undo' | 'confirm';

/** What happens to a host at the end of a run; `troubled`: something failed on this one. Pure. */
export function endingOf({ troubled }: { readonly troubled: boolean }, run: RunEnd): Ending {
  if (!run.failed) return run.leaveArmed ? 'stays-armed' : 'confirm';
  switch (run.onFailure) {
    case 'keep':
      return 'confirm';
    case 'undo_host':
      return troubled || run.interrupted ? 'undo' : 'confirm';
    case 'undo_all':
      return 'undo';
  }
}
