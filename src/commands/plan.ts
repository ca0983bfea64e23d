import type { Emit } from '../run/events.ts';
import { closeFleet } from '../run/open-fleet.ts';
import type { Io } from './io.ts';
import { loadPlay, mustResolve } from './load-play.ts';
import { mustBePossible } from './must-be-possible.ts';
import type { ConnectOptions, PlayOptions } from './options.ts';
import { planOffline } from './plan-offline.ts';
import { planReport } from './plan-report.ts';
import { type PlanFormatOptions, printPlan } from './print-plan.ts';
import { refuseNewLeases } from './refuse-new-leases.ts';
import { watched } from './watched.ts';

export interface PlanOptions extends PlayOptions, ConnectOptions, PlanFormatOptions {
  readonly locked?: boolean;
  /** A folder of stored facts to plan from. */
  readonly facts?: string;
  /** Connects to nothing. */
  readonly offline?: boolean;
}

/**
 * `meshbook plan`: connects and probes, or takes stored facts, and shows what apply would do. Writes nothing on any
 * host.
 */
export async function plan(playbook: string, options: PlanOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options);
  const resolution = mustResolve(play, io);
  refuseNewLeases(options, resolution);
  if (options.offline || options.facts !== undefined) {
    const planned = planOffline(play, resolution.play, options.facts);
    mustBePossible(planned, io);
    return printPlan(planReport(play, resolution, planned, planned.origin), options, io);
  }
  // What speaks SSH takes as long to load as all the rest.
  const { openPlay, transportFor } = await import('./open-play.ts');
  const transport = transportFor(options, io);
  try {
    const open = (emit: Emit) =>
      openPlay(play, resolution.play, { transport, forks: options.forks, emit, signal: io.signal });
    const isWatched = options.format === 'text' && io.terminal.interactive;
    const fleet = isWatched ? await watched({}, [], io, open) : await open(() => {});
    closeFleet(fleet);
    mustBePossible(fleet, io);
    return printPlan(planReport(play, resolution, fleet), options, io);
  } finally {
    transport.close();
  }
}
