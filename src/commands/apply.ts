import { exitCodes } from '../diagnostics/errors.ts';
import { tidy } from '../json/records.ts';
import { isEmpty } from '../plan/host-plan.ts';
import { planText } from '../report/plan/plan-text.ts';
import { closeFleet } from '../run/open-fleet.ts';
import { isPlanFile } from '../saved/plan-io.ts';
import { applySaved } from './apply-saved.ts';
import { mustAgree } from './gates/must-agree.ts';
import { mustBePossible } from './gates/must-be-possible.ts';
import { mustBeReadable } from './gates/must-be-readable.ts';
import { nobodyChanged } from './gates/nobody-changed.ts';
import { refuseNewLeases } from './gates/refuse-new-leases.ts';
import { refusePeers } from './gates/refuse-peers.ts';
import type { Io } from './output/io.ts';
import { watched } from './output/watched.ts';
import { carryOut } from './play/carry-out.ts';
import { keepLeases } from './play/keep-leases.ts';
import { type LoadedPlay, loadPlay, mustResolve } from './play/load-play.ts';
import { openPlay, transportFor } from './play/open-play.ts';
import type { ApplyOptions } from './play/options.ts';
import { planReport } from './play/plan-report.ts';
import { recordsFor, stepNames } from './play/records.ts';

/**
 * `meshbook apply`: shows a playbook's plan and asks, or takes a saved one; carries it out on all hosts, verifies, and
 * reports how each host ended.
 */
export async function apply(path: string, options: ApplyOptions, io: Io): Promise<number> {
  if (isPlanFile(path)) return applySaved(path, options, io);
  const play = await loadPlay(path, options, { peers: !options.allowOneSided });
  const resolution = mustResolve(play, io);
  refuseNewLeases(options, resolution);
  const steps = stepNames(play, options);
  const records = recordsFor(play, options);
  const transport = transportFor(options, io);
  try {
    const fleet = await watched(options, steps, io, (emit) =>
      openPlay(
        play,
        resolution.play,
        tidy({
          transport,
          forks: options.forks,
          signal: io.signal,
          emit,
          wait: options.wait,
          includePeers: options.includePeers ?? false,
          records,
        }),
      ),
    );
    try {
      mustBePossible(fleet, io);
      const keep = async () => {
        if (!options.locked) await keepLeases(play, resolution.leases, fleet.hosts);
      };
      const report = planReport(play, resolution, fleet, records);
      const { diff = false, full = false } = options;
      if (!options.json) io.out(planText(report, { ...io.terminal, diff, full }));
      if (fleet.unreachable.size > 0 && !options.skipUnreachable) return nobodyChanged(io);
      mustBeReadable(fleet.hosts);
      const refused = refusePeers(fleet.peers, 'Nothing was changed anywhere', options, io);
      if (refused !== undefined) return refused;
      if (fleet.hosts.every(({ plan }) => isEmpty(plan))) {
        await keep();
        return fleet.unreachable.size > 0 ? exitCodes.unreachable : exitCodes.done;
      }
      await mustAgree('Apply this plan?', options, io);
      const { onFailure } = play.playbook;
      const run = {
        about: aboutPlay(play, steps),
        onFailure,
        fleet,
        keepLeases: keep,
        transport,
        options,
        io,
      };
      return await watched(options, steps, io, (emit) => carryOut(run, emit));
    } finally {
      closeFleet(fleet);
    }
  } finally {
    transport.close();
  }
}

function aboutPlay({ inventory, playbook }: LoadedPlay, steps: readonly string[]) {
  return tidy({
    inventory: inventory.path,
    moreInventories: inventory.morePaths,
    playbook: playbook.path,
    playName: playbook.name,
    steps,
  });
}
