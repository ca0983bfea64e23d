import { RunError } from '../diagnostics/errors.ts';
import { EventReader } from '../transaction/events.ts';
import { noticesScript, statusScript } from '../transaction/host-scripts.ts';
import { parseReport, parseStatus, type TransactionStatus, type UndoReport } from '../transaction/status.ts';
import type { HostResult, Trouble } from './events.ts';
import { ask, type HostSession } from './patience.ts';
import { mostNotices, noticed } from './program-run.ts';

/** An undo may take this long: it restarts Docker, say, or waits for the second part of a boot. */
const undoMs = 120_000;
const pauseMs = 500;

/**
 * A run's state on a host, from the output of `statusScript`. @throws RunError `state` if the host doesn't know the
 * run.
 */
export function parseRunState(run: string, output: string): TransactionStatus {
  const stand = parseStatus(output).find((transaction) => transaction.run === run);
  if (stand === undefined) throw new RunError('state', `the host knows nothing of run ${run}`);
  return stand;
}

/** Asks a host for a run's state. */
export async function askRunState(host: HostSession, run: string): Promise<TransactionStatus> {
  return parseRunState(run, await ask(host, statusScript(run).text));
}

/** How an undo ended, and what the host has reported about it. */
export interface EndedUndo extends UndoReport {
  readonly notices?: readonly string[];
}

/** Waits for the end of an undo that the host has decided itself. Undefined if it doesn't end. */
export async function awaitUndo(host: HostSession, run: string): Promise<EndedUndo | undefined> {
  const end = Date.now() + undoMs;
  while (true) {
    const report = parseReport((await askRunState(host, run)).report);
    if (report !== undefined) {
      const events = new EventReader(0).push(await ask(host, noticesScript(run).text));
      const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
      return { ...report, notices: notices.slice(0, mostNotices) };
    }
    if (Date.now() >= end) return undefined;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** What that means for the host. */
export function expired(
  report: EndedUndo | undefined,
  hint?: string,
): {
  readonly outcome: HostResult['outcome'];
  readonly trouble: Trouble;
  readonly notices?: readonly string[];
} {
  const notices = report?.notices ?? [];
  const but = notices.length > 0 ? ', but not everything is as before' : '';
  const message = report === undefined ? unfinished : `${how(report)}${but}`;
  return {
    outcome: report?.ok ? 'undone' : 'in-doubt',
    trouble: { code: 'expired', message, ...(hint === undefined ? {} : { hint }) },
    ...noticed(notices),
  };
}

const unfinished = 'the host undoes everything on its own, but has not finished';

function how({ by, ok }: UndoReport): string {
  const when = {
    timer: 'on its own when its deadline had passed',
    boot: 'on its own when it booted',
    asked: 'when it was asked to',
  };
  return `the host has undone ${ok ? 'everything' : 'what it could, but not everything,'} ${when[by]}`;
}
