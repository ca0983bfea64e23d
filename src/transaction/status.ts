import { RunError } from '../diagnostics/errors.ts';

/** One transaction as a host describes it. */
export interface TransactionStatus {
  readonly run: string;
  readonly state: 'pending' | 'confirmed' | 'undone';
  /** Seconds until the host undoes it, if it is armed. */
  readonly secondsLeft?: number;
  /** Who runs it and since when. Not escaped. */
  readonly holder: string;
  /** How it ended, for example `undone by=timer ok at=2026-01-01T00:00:00Z`; empty while it is pending. */
  readonly report: string;
}

/** @throws RunError `protocol` for anything that the status script doesn't print. */
export function parseStatus(output: string): TransactionStatus[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, run, state, left, holder, report] =
        /^([\w-]+)\t(pending|confirmed|undone)\t(-|-?\d{1,9})\t([^\t]*)\t([^\t]*)$/.exec(line) ?? [];
      if (run === undefined || holder === undefined || report === undefined) {
        throw new RunError(
          'protocol',
          `the host's status can't be read: ${JSON.stringify(line.slice(0, 200))}`,
        );
      }
      const secondsLeft = left === '-' ? {} : { secondsLeft: Number(left) };
      return { run, state: state as TransactionStatus['state'], ...secondsLeft, holder, report };
    });
}

/** What caused an undo, and whether everything was undone. */
export interface UndoReport {
  /** `timer` and `boot`: the host did it itself. */
  readonly by: 'asked' | 'timer' | 'boot';
  readonly ok: boolean;
}

/** Undefined while there is no report of an undo. */
export function parseReport(report: string): UndoReport | undefined {
  const [, by, outcome] = /^undone by=(asked|timer|boot) (\w+)/.exec(report) ?? [];
  return by === undefined ? undefined : { by: by as UndoReport['by'], ok: outcome === 'ok' };
}
