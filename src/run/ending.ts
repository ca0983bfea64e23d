import type { OnFailure } from '../model/types.ts';

/** How a run went, as far as that decides what becomes of its hosts. */
export interface RunEnd {
  /** Something went wrong on a host, a check didn't hold, or somebody interrupted the run. */
  readonly failed: boolean;
  readonly interrupted: boolean;
  readonly onFailure: OnFailure;
  /** Somebody will confirm the run himself. */
  readonly leaveArmed: boolean;
}

export type Ending = 'stays-armed' | 'undo' | 'confirm';

/** What becomes of a host at the end of a run; `troubled`: something went wrong on this one. Pure. */
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
