import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { exitCodes } from '../diagnostics/errors.ts';
import { writeLeases } from '../ipam/leases-file.ts';
import { Journal, newRunId } from '../journal/journal.ts';
import { isEmpty } from '../plan/host-plan.ts';
import { planText } from '../report/plan-text.ts';
import type { Resolution } from '../resolve/resolve-play.ts';
import { applyFleet } from '../run/apply.ts';
import type { Emit, RunEvent } from '../run/events.ts';
import { closeFleet, type Fleet } from '../run/open-fleet.ts';
import { exitCodeOf } from '../run/trouble.ts';
import type { Transport } from '../transport/transport.ts';
import type { Io } from './io.ts';
import { type LoadedPlay, loadPlay, mustResolve } from './load-play.ts';
import { mustAgree } from './must-agree.ts';
import { mustBePossible } from './must-be-possible.ts';
import { openPlay, transportFor } from './open-play.ts';
import type { ConnectOptions, PlayOptions } from './options.ts';
import { planReport } from './plan-report.ts';
import { refuseNewLeases } from './refuse-new-leases.ts';
import { watched } from './watched.ts';

export interface ApplyOptions extends PlayOptions, ConnectOptions {
  readonly yes?: boolean;
  readonly skipUnreachable?: boolean;
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly locked?: boolean;
  /** Seconds. */
  readonly confirmTimeout: number;
  /** False: hosts stay armed, for a person to look and confirm. */
  readonly confirm: boolean;
  readonly onFailure?: 'undo_all' | 'undo_host' | 'keep';
}

/** `meshbook apply`: shows the plan, asks, carries it out on all hosts, verifies, and tells how each ended. */
export async function apply(playbook: string, options: ApplyOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options);
  const resolution = mustResolve(play, io);
  refuseNewLeases(options, resolution);
  const transport = transportFor(options, io);
  try {
    const fleet = await watched(options, stepNames(play), io, (emit) =>
      openPlay(play, resolution.play, { transport, forks: options.forks, signal: io.signal, emit }),
    );
    try {
      mustBePossible(fleet, io);
      const report = planReport(play, resolution, fleet);
      if (!options.json) io.out(planText(report, { ...io.terminal, diff: options.diff ?? false }));
      if (fleet.unreachable.size > 0 && !options.skipUnreachable) {
        io.err(
          'Nothing was changed anywhere, because a host is unreachable. --skip-unreachable goes on without it.\n',
        );
        return exitCodes.unreachable;
      }
      if (fleet.hosts.every(({ plan }) => isEmpty(plan))) {
        await keepLeases(play, resolution);
        return fleet.unreachable.size > 0 ? exitCodes.unreachable : exitCodes.done;
      }
      await mustAgree('Apply this plan?', options, io);
      return await watched(options, stepNames(play), io, (emit) =>
        carryOut({ play, resolution, fleet, transport, options, io }, emit),
      );
    } finally {
      closeFleet(fleet);
    }
  } finally {
    transport.close();
  }
}

interface Run {
  readonly play: LoadedPlay;
  readonly resolution: Resolution;
  readonly fleet: Fleet;
  readonly transport: Transport;
  readonly options: ApplyOptions;
  readonly io: Io;
}

async function carryOut(
  { play, resolution, fleet, transport, options, io }: Run,
  report: Emit,
): Promise<number> {
  const id = newRunId();
  const hosts = fleet.hosts.map(({ resolved }) => resolved.host);
  const runs = new Journal(options.stateDir);
  const journal = runs.start(
    {
      id,
      verb: 'apply',
      inventory: resolve(play.inventory.path),
      playbook: resolve(play.playbook.path),
      playName: play.playbook.name,
      steps: stepNames(play),
    },
    hosts,
  );
  const emit = (event: RunEvent) => {
    journal.event(event);
    report(event);
  };
  await keepLeases(play, resolution);
  emit({ type: 'run-started', run: id, verb: 'apply', hosts: hosts.map(({ name }) => name) });
  const results = await applyFleet(fleet.hosts, {
    transport,
    forks: options.forks,
    signal: io.signal,
    emit,
    run: id,
    onFailure: options.onFailure ?? play.playbook.onFailure,
    checks: fleet.checks,
    record: (stages, kept) => {
      journal.keep(kept);
      journal.stages(stages);
    },
    decide: (decision, undone) => journal.decide(decision, undone),
    holder: `${userInfo().username}@${hostname()}`,
    token: runs.token(id),
    confirmTimeout: options.confirmTimeout,
    leaveArmed: !options.confirm,
  });
  for (const [host, trouble] of fleet.unreachable)
    results.set(host, { outcome: 'unreachable', changes: 0, trouble });
  const exitCode = exitCodeOf(results.values(), io.signal.aborted);
  journal.finish(results, exitCode);
  emit({ type: 'run-finished', run: id, exitCode, results: Object.fromEntries(results) });
  return exitCode;
}

async function keepLeases({ leasesPath }: LoadedPlay, { leases, leaseChanges }: Resolution): Promise<void> {
  if (leaseChanges.length > 0) await writeLeases(leasesPath, leases);
}

function stepNames({ playbook }: LoadedPlay): string[] {
  return playbook.steps.map(({ name }) => name);
}
