import { escapeControl } from '../diagnostics/escape.ts';
import { tidy } from '../json/records.ts';
import type { Resolution } from '../resolve/resolve-play.ts';
import type { Emit } from '../run/events.ts';
import { closeFleet } from '../run/open-fleet.ts';
import { mustBeFreeForPlan, writePlan } from '../saved/plan-io.ts';
import { savePlan } from '../saved/save-plan.ts';
import { mustBePossible } from './gates/must-be-possible.ts';
import { refuseNewLeases } from './gates/refuse-new-leases.ts';
import { refusePeers } from './gates/refuse-peers.ts';
import type { Io } from './output/io.ts';
import { type PlanFormatOptions, printPlan } from './output/print-plan.ts';
import { version } from './output/version.ts';
import { watchedLive } from './output/watched.ts';
import { type LoadedPlay, loadPlay, mustResolve } from './play/load-play.ts';
import type { ConnectOptions, PeerOptions, PlayOptions } from './play/options.ts';
import { planOffline } from './play/plan-offline.ts';
import { planReport } from './play/plan-report.ts';
import { type PlayRecords, recordsFor, stepNames } from './play/records.ts';

export interface PlanOptions extends PlayOptions, ConnectOptions, PeerOptions, PlanFormatOptions {
  readonly locked?: boolean;
  /** Removes what is left over. */
  readonly prune?: boolean;
  /** A folder of saved facts to plan from. */
  readonly facts?: string;
  /** Connects to nothing. */
  readonly offline?: boolean;
  /** Whether guards may run on hosts. */
  readonly guards?: boolean;
  /** A file to save the plan in. */
  readonly output?: string;
}

/**
 * `meshbook plan`: reads facts from the hosts, or uses saved ones, and shows what apply would do. Writes nothing on
 * any host.
 */
export async function plan(playbook: string, options: PlanOptions, io: Io): Promise<number> {
  const madeAt = new Date().toISOString();
  if (options.output !== undefined) mustBeFreeForPlan(options.output);
  const play = await loadPlay(playbook, options, { peers: !options.allowOneSided });
  const resolution = mustResolve(play, io);
  refuseNewLeases(options, resolution);
  const records = recordsFor(play, options);
  const planned =
    options.offline || options.facts !== undefined
      ? planOffline(play, resolution.play, options.facts, { ...options, records })
      : { ...(await planLive(play, resolution, records, options, io)), origin: { from: 'hosts' } as const };
  mustBePossible(planned, io);
  const report = planReport(play, resolution, planned, records, planned.origin);
  const isSaved = options.output !== undefined && planned.peers.length === 0;
  if (options.output !== undefined && isSaved) {
    const { limit, tags, skipTags } = options;
    const steps = stepNames(play, options);
    const choice = tidy({ limit, tags, skipTags });
    const leases = { before: play.leases, after: resolution.leases };
    const about = { meshbook: version, madeAt, choice, steps };
    writePlan(
      options.output,
      savePlan({ report, hosts: planned.hosts, checks: planned.checks, leases, about }),
    );
  }
  const code = await printPlan(report, options, io);
  if (options.output !== undefined && !isSaved)
    return refusePeers(planned.peers, 'The plan was not saved', {}, io) ?? code;
  if (options.output !== undefined && options.format === 'text')
    io.out(
      `\nSaved as ${escapeControl(options.output)}: meshbook apply ${escapeControl(options.output)} does exactly this.\n`,
    );
  return code;
}

async function planLive(
  play: LoadedPlay,
  { play: first }: Resolution,
  records: PlayRecords,
  options: PlanOptions,
  io: Io,
) {
  // Loading SSH takes as long as everything else.
  const { openPlay, transportFor } = await import('./play/open-play.ts');
  const transport = transportFor(options, io);
  try {
    const open = (emit: Emit) =>
      openPlay(play, first, {
        transport,
        forks: options.forks,
        guards: options.guards ?? true,
        emit,
        signal: io.signal,
        includePeers: options.includePeers ?? false,
        records,
      });
    const fleet = await watchedLive(options.format === 'text', io, open);
    closeFleet(fleet);
    return fleet;
  } finally {
    transport.close();
  }
}
