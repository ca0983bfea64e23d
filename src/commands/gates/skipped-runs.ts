import { escapeControl } from '../../diagnostics/escape.ts';
import type { Journal } from '../../journal/journal.ts';
import type { RunRecord } from '../../journal/record.ts';
import { hostStates } from '../../journal/run-state.ts';
import { statesText } from '../../report/run/state-words.ts';
import { hostNames } from '../../report/text/host-names.ts';
import type { Io } from '../output/io.ts';
import { limitedHosts } from '../play/limited-hosts.ts';

/** Warns about unreadable records; what those runs did is unknown here. */
export function warnUnreadable(journal: Journal, io: Io): void {
  for (const { message } of journal.unreadable()) io.err(`Passed over: ${escapeControl(message)}\n`);
}

/**
 * The run that `undo --last` selects, and its selected hosts: with `limit`, the newest run that has something left on
 * any of those. Says why newer runs are skipped. @throws RunError if there is none.
 */
export function lastRun(
  journal: Journal,
  packages: boolean,
  limit: string | undefined,
  io: Io,
): { run: RunRecord; chosen: ReadonlySet<string> } {
  const runs = journal.list();
  const applies = runs.filter(({ verb }) => verb === 'apply');
  if (applies.length === 0) return { run: journal.last(), chosen: new Set() };
  const chosen = chosenHosts(applies, limit);
  const left = (run: RunRecord, packagesToo: boolean) =>
    journal.leftToUndo(run, packagesToo, runs).filter(({ target }) => chosen.has(target.name)).length > 0;
  const last = applies.findLastIndex((run) => left(run, packages));
  for (const run of applies.slice(last + 1)) {
    const stay = left(run, true);
    if (!stay && journal.leftToUndo(run, packages, runs).length > 0) {
      io.err(`Passed over: run ${escapeControl(run.id)}: nothing is left to undo on ${hostNames(chosen)}\n`);
      continue;
    }
    const forgotten = Object.values(run.hosts).some((host) => host.forgotten !== undefined);
    // If there is none at all, runs that are simply undone are not mentioned.
    if (last < 0 && !stay && !forgotten) continue;
    const rest = stay ? '; its packages stay unless --packages is given' : '';
    io.err(`Passed over: run ${escapeControl(run.id)}: ${statesText(hostStates(run, runs))}${rest}\n`);
  }
  return { run: journal.last(packages, limit === undefined ? undefined : chosen), chosen };
}

/** The selected hosts of the runs, including those with nothing left to undo, and those that only some runs have. */
export function chosenHosts(runs: readonly RunRecord[], limit: string | undefined): ReadonlySet<string> {
  return limitedHosts([...new Set(runs.flatMap(({ hosts }) => Object.keys(hosts)))], limit);
}

/** Warns on which of these hosts a run is forgotten, and says how to undo it there after all. */
export function warnForgotten({ id, hosts }: RunRecord, chosen: ReadonlySet<string>, io: Io): void {
  const forgotten = Object.keys(hosts).filter((host) => hosts[host]?.forgotten && chosen.has(host));
  if (forgotten.length === 0) return;
  const run = escapeControl(id);
  io.err(
    [
      `Run ${run} is forgotten on ${hostNames(forgotten)}, and is not undone there.`,
      'To undo it anyway, on a host that still holds it, as root:',
      `  sh /var/lib/meshbook/transactions/${run}/control undo asked`,
      '',
    ].join('\n'),
  );
}
