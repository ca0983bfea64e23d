import { exitCodes } from '../diagnostics/errors.ts';
import { isEmpty } from '../plan/host-plan.ts';
import { jsonText } from '../report/json-text.ts';
import { planJson } from '../report/plan-json.ts';
import { planShell } from '../report/plan-shell.ts';
import { planText } from '../report/plan-text.ts';
import type { Emit } from '../run/events.ts';
import { closeFleet } from '../run/open-fleet.ts';
import type { Io } from './io.ts';
import { loadPlay, mustResolve } from './load-play.ts';
import { openPlay, transportFor } from './open-play.ts';
import type { ConnectOptions, PlayOptions } from './options.ts';
import { planReport } from './plan-report.ts';
import { refuseNewLeases } from './refuse-new-leases.ts';
import { watched } from './watched.ts';

export interface PlanOptions extends PlayOptions, ConnectOptions {
  readonly format: 'text' | 'json' | 'sh';
  readonly diff?: boolean;
  readonly detailedExitcode?: boolean;
  readonly locked?: boolean;
}

/** `meshbook plan`: connects, probes and shows what apply would do. Writes nothing on any host. */
export async function plan(playbook: string, options: PlanOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options);
  const resolution = mustResolve(play, io);
  refuseNewLeases(options, resolution);
  const transport = transportFor(options, io);
  try {
    const open = (emit: Emit) =>
      openPlay(play, resolution.play, { transport, forks: options.forks, emit, signal: io.signal });
    const isWatched = options.format === 'text' && io.terminal.interactive;
    const fleet = isWatched ? await watched({}, [], io, open) : await open(() => {});
    closeFleet(fleet);
    const report = planReport(play, resolution, fleet);
    if (options.format === 'json') io.out(`${jsonText(planJson(report), 2)}\n`);
    else if (options.format === 'sh') io.out(planShell(report, { onTerminal: io.stdout.isTTY }));
    else io.out(planText(report, { ...io.terminal, diff: options.diff ?? false }));
    if (fleet.unreachable.size > 0) return exitCodes.unreachable;
    const changes = fleet.hosts.some((host) => !isEmpty(host.plan));
    return changes && options.detailedExitcode ? exitCodes.changes : exitCodes.done;
  } finally {
    transport.close();
  }
}
