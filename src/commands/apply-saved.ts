import { exitCodes } from '../diagnostics/errors.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { tidy } from '../json/records.ts';
import { isEmpty } from '../plan/host-plan.ts';
import { originWords } from '../report/plan/origin-words.ts';
import { countPlan } from '../report/plan/plan-report.ts';
import { count } from '../report/text/host-names.ts';
import { painter } from '../report/text/paint.ts';
import { troublesText } from '../report/text/trouble-text.ts';
import { armedWarnings } from '../run/armed.ts';
import type { Trouble } from '../run/events.ts';
import { closeFleet, type Fleet, openFleet } from '../run/open-fleet.ts';
import { readPlan } from '../saved/plan-io.ts';
import { reportOf } from '../saved/restore-plan.ts';
import type { SavedPlan } from '../saved/saved-plan.ts';
import type { Transport } from '../transport/transport.ts';
import { mustBeReadable } from './gates/must-be-readable.ts';
import { nobodyChanged } from './gates/nobody-changed.ts';
import { refusals } from './gates/refusals.ts';
import type { Io } from './output/io.ts';
import { showDiagnostics } from './output/show-error.ts';
import { version } from './output/version.ts';
import { watched } from './output/watched.ts';
import { carryOut } from './play/carry-out.ts';
import { transportFor } from './play/open-play.ts';
import type { ApplyOptions } from './play/options.ts';
import { keepSavedLeases } from './play/saved-leases.ts';
import { playOfSaved, refuseOpen, refuseOptions } from './play/saved-play.ts';

/**
 * `meshbook apply FILE` with a saved plan: does exactly what was reviewed, and therefore doesn't ask. A host whose
 * plan would now differ is refused, with what has changed there; then no host is changed, unless `on_failure` says
 * otherwise.
 */
export async function applySaved(path: string, options: ApplyOptions, io: Io): Promise<number> {
  const saved = readPlan(path, version);
  refuseOptions(saved, options);
  refuseOpen(path, saved);
  const keepLeases = await keepSavedLeases(saved, options);
  const { first, later } = await playOfSaved(path, saved, options, io);
  if (!options.json) introduce(path, saved, io);
  const transport = transportFor(options, io);
  try {
    const { fleet, refused } = await watched(options, saved.head.steps, io, async (emit) => {
      const { forks, wait } = options;
      const open = tidy({ transport, forks, signal: io.signal, emit, wait });
      const found = await openFleet(first, later, open);
      const troubles = refusals(saved, found);
      for (const [host, trouble] of troubles) emit({ type: 'trouble', host, trouble });
      return { fleet: found, refused: troubles };
    });
    try {
      return await go({ saved, fleet, refused, keepLeases, transport, options, io });
    } finally {
      closeFleet(fleet);
    }
  } finally {
    transport.close();
  }
}

interface SavedRun {
  readonly saved: SavedPlan;
  readonly fleet: Fleet;
  readonly refused: ReadonlyMap<string, Trouble>;
  readonly keepLeases: () => Promise<void>;
  readonly transport: Transport;
  readonly options: ApplyOptions;
  readonly io: Io;
}

async function go({ saved, fleet, refused, options, io, ...run }: SavedRun): Promise<number> {
  const { head } = saved;
  const unreachable = new Map([...Object.entries(head.unreachable), ...fleet.unreachable]);
  // Otherwise they are already separate lines.
  if (io.terminal.interactive && !options.json) showTroubles(new Map([...unreachable, ...refused]), io);
  if (unreachable.size > 0 && !options.skipUnreachable) return nobodyChanged(io);
  mustBeReadable(fleet.hosts);
  const onFailure = options.onFailure ?? head.onFailure;
  const hosts = fleet.hosts.filter(({ plan }) => !refused.has(plan.host));
  if (refused.size > 0 && (onFailure === 'undo_all' || hosts.length === 0)) {
    io.err('Nothing was changed anywhere, because a host differs from the plan.\n');
    return exitCodes.failed;
  }
  if (refused.size === 0 && hosts.every(({ plan }) => isEmpty(plan))) {
    await run.keepLeases();
    showDiagnostics(armedWarnings(fleet.hosts, new Date()), io);
    if (!options.json) io.out('No changes: the hosts are already as planned.\n');
    return unreachable.size > 0 ? exitCodes.unreachable : exitCodes.done;
  }
  const { inventory, moreInventories, playbook, play: playName, steps } = head;
  return watched(options, steps, io, (emit) =>
    carryOut(
      {
        ...run,
        about: tidy({ inventory, moreInventories, playbook, playName, steps }),
        onFailure,
        fleet: { hosts, checks: fleet.checks, unreachable },
        refused,
        options,
        io,
      },
      emit,
    ),
  );
}

function introduce(path: string, saved: SavedPlan, io: Io): void {
  const report = reportOf(saved);
  const { hosts, changes, unknown } = countPlan(report);
  const what = `${count(hosts, 'host')}, ${count(changes, 'change')}${unknown > 0 ? `, ${unknown} unknown` : ''}`;
  const lines = [`${report.play}, from ${path}: ${what}`, ...originWords(report)];
  io.out(`${lines.map(escapeControl).join('\n')}\n`);
}

function showTroubles(troubles: ReadonlyMap<string, Trouble>, io: Io): void {
  const options = { paint: painter(io.terminal.color), width: io.terminal.width, indent: 0 };
  io.out(
    troublesText(troubles, options)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
