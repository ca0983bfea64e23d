import { exitCodes } from '../../diagnostics/errors.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import type { RunRecord } from '../../journal/record.ts';
import { hostNames } from '../../report/text/host-names.ts';
import type { HostResult } from '../../run/events.ts';
import type { UndoFleet } from '../../run/undo.ts';
import type { Io } from './io.ts';

/**
 * The message if an undo is impossible on some hosts, and the exit code; undefined if it is possible, or if the user
 * has asked for the possible part.
 */
export function refuseUndo(
  { failed, talks }: UndoFleet,
  { skipUnreachable }: { readonly skipUnreachable?: boolean },
  io: Io,
): number | undefined {
  const hostsWith = (outcome: HostResult['outcome'], code?: string) =>
    [...failed].flatMap(([host, { outcome: found, trouble }]) =>
      found === outcome && (code === undefined || trouble?.code === code) ? [host] : [],
    );
  const [lost, locked] = [hostsWith('not-started', 'state'), hostsWith('not-started', 'locked')];
  const unreachable = hostsWith('unreachable');
  const nothing = 'Nothing was undone anywhere, because';
  if (lost.length > 0) {
    const others = talks.map(({ target }) => target.name);
    const way =
      others.length === 0 ? '' : ` --limit ${escapeControl(others.join(','))} undoes it without them.`;
    io.err(
      `${nothing} the files it needs are gone from ${hostNames(lost)}.${way} What you restore there by hand counts as undone.\n`,
    );
    return exitCodes.failed;
  }
  if (locked.length > 0) {
    io.err(`${nothing} another run holds ${hostNames(locked)}. --wait 5m waits for it.\n`);
    return exitCodes.failed;
  }
  if (unreachable.length === 0 || skipUnreachable) return undefined;
  io.err(
    `${nothing} a host is unreachable. --skip-unreachable goes on without it; meshbook runs forget is for one that is gone for good.\n`,
  );
  return exitCodes.unreachable;
}

/** The message if an undo of several runs stops at one. */
export function stoppedText(runs: readonly RunRecord[], at: string, to: string): string {
  const ids = runs.map(({ id }) => escapeControl(id));
  const index = runs.findIndex(({ id }) => id === at);
  const [before, rest] = [ids.slice(0, index), ids.slice(index + 1)];
  return [
    `Stopped at run ${ids[index]}, which isn't undone on every host.`,
    ...(before.length > 0 ? [`Taken back: ${before.join(', ')}.`] : []),
    `Not begun: ${rest.join(', ')}.`,
    `Once that run is settled, continue with: meshbook undo --to ${escapeControl(to)}`,
    '',
  ].join('\n');
}
