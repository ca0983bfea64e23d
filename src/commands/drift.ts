import { resolve } from 'node:path';
import { hasErrors } from '../diagnostics/diagnostic.ts';
import { exitCodes } from '../diagnostics/errors.ts';
import { driftOf, type HostDrift } from '../drift/host-drift.ts';
import { type HostRun, hostRunsFact } from '../facts/host-runs.ts';
import { ovsFact } from '../facts/ovs/ovs.ts';
import { Journal } from '../journal/journal.ts';
import type { RunRecord } from '../journal/record.ts';
import { lintQueries } from '../lint/lint-queries.ts';
import type { ResolvedPlay } from '../model/resolved.ts';
import { hostByHost } from '../plan/host-by-host.ts';
import type { RunInForce } from '../plan/owner.ts';
import { type KnownHost, planHosts } from '../plan/plan-hosts.ts';
import { driftJson } from '../report/drift/drift-json.ts';
import { countDrift, type DriftReport } from '../report/drift/drift-report.ts';
import { driftText } from '../report/drift/drift-text.ts';
import { jsonText } from '../report/text/json-text.ts';
import { areAllChosen } from '../resolve/chosen-steps.ts';
import { armedWarnings } from '../run/armed.ts';
import type { Emit } from '../run/events.ts';
import { closeFleet, readFleet } from '../run/open-fleet.ts';
import { troublesOf } from '../run/trouble.ts';
import { withoutSecretWords } from '../secrets/words.ts';
import type { Io } from './output/io.ts';
import { showDiagnostics } from './output/show-error.ts';
import { watchedLive } from './output/watched.ts';
import { type LoadedPlay, loadPlay, mustResolve, resolveWith } from './play/load-play.ts';
import { transportFor } from './play/open-play.ts';
import type { ConnectOptions, PlayOptions } from './play/options.ts';
import { planOffline } from './play/plan-offline.ts';
import { type PlayRecords, recordsFor } from './play/records.ts';

export interface DriftOptions extends PlayOptions, ConnectOptions {
  readonly json?: boolean;
  readonly diff?: boolean;
  /** A folder of saved facts to use instead of the hosts. */
  readonly facts?: string;
  /** Prints nothing if nothing has drifted. */
  readonly quiet?: boolean;
}

/** `meshbook drift`: what on the hosts differs from the playbook, and who set it. Writes nothing on any host. */
export async function drift(playbook: string, options: DriftOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options);
  const { play: first } = mustResolve(play, io);
  const records = recordsFor(play, options);
  const { hosts, ...rest } = await (options.facts === undefined
    ? look(play, first, records, options, io)
    : planOffline(play, first, options.facts, { records }));
  const { done, failed } = compare(play, hosts, records, options);
  const unreachable = new Map([...rest.unreachable, ...troublesOf(failed)]);
  const report = {
    play: play.playbook.name,
    hosts: withoutSecretWords(done),
    problems: rest.diagnostics,
    unreachable: withoutSecretWords(unreachable),
    origin: rest.origin,
  };
  return print(report, options, io);
}

async function look(
  play: LoadedPlay,
  first: ResolvedPlay,
  records: PlayRecords,
  options: DriftOptions,
  io: Io,
) {
  const transport = transportFor(options, io);
  try {
    const fleet = { transport, forks: options.forks, signal: io.signal };
    // Objects without a step are found by their mark, and their possible owner by the runs that the hosts keep.
    const read = (emit: Emit) =>
      readFleet(
        first,
        (facts) => resolveWith(play, facts).play,
        { ...fleet, emit },
        (host) => [ovsFact, hostRunsFact, ...lintQueries, ...records.queries(host)],
      );
    const { hosts, unreachable } = await watchedLive(!options.json && !options.quiet, io, read);
    closeFleet({ hosts });
    const armed = armedWarnings(hosts, new Date());
    const { failed, diagnostics, ...planned } = planHosts(hosts, (host) => records.complete(host));
    return {
      ...planned,
      diagnostics: [...armed, ...diagnostics],
      unreachable: new Map([...unreachable, ...troublesOf(failed)]),
      origin: { from: 'hosts' } as const,
    };
  } finally {
    transport.close();
  }
}

function compare(
  { playbook }: LoadedPlay,
  hosts: readonly KnownHost[],
  records: PlayRecords,
  { stateDir, ...choice }: DriftOptions,
): { done: HostDrift[]; failed: ReadonlyMap<string, unknown> } {
  const list = new Journal(stateDir).list();
  const recorded = new Set(list.map(({ id }) => id));
  const armed = new Set(list.filter(isArmed).map(({ id }) => id));
  return hostByHost(hosts, ({ resolved, facts }) =>
    driftOf({
      resolved,
      facts,
      runs: runsInForce(records.question(resolved).runs, armed, facts.find(hostRunsFact)),
      recorded,
      playbook: resolve(playbook.path),
      allSteps: areAllChosen(playbook, choice),
    }),
  );
}

function isArmed({ hosts }: RunRecord): boolean {
  return Object.values(hosts).some(({ result }) => result?.outcome === 'armed');
}

/** Without those armed by their records that the host has since undone itself. */
export function runsInForce(
  runs: readonly RunInForce[],
  armed: ReadonlySet<string>,
  kept: readonly HostRun[] | undefined,
): RunInForce[] {
  return runs.filter(
    ({ run }) => kept === undefined || !armed.has(run) || kept.some((other) => other.run === run),
  );
}

function print(report: DriftReport, options: DriftOptions, io: Io): number {
  const code = exitCodeOf(report);
  if (code === exitCodes.done && options.quiet) return code;
  if (options.json) io.out(`${jsonText(driftJson(report), 2)}\n`);
  else io.out(driftText(report, { ...io.terminal, diff: options.diff ?? false }));
  showDiagnostics(report.problems, io);
  return code;
}

/** Only certain differences are drift. */
function exitCodeOf(report: DriftReport): number {
  const { drifted, unreachable } = countDrift(report);
  if (unreachable > 0) return exitCodes.unreachable;
  if (hasErrors(report.problems)) return exitCodes.invalid;
  return drifted > 0 ? exitCodes.changes : exitCodes.done;
}
