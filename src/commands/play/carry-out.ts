import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { osFact } from '../../facts/os.ts';
import { Journal } from '../../journal/journal.ts';
import { newRunId } from '../../journal/run-id.ts';
import type { OnFailure } from '../../model/types.ts';
import { applyFleet } from '../../run/apply.ts';
import type { Emit, HostResult, RunEvent, Trouble } from '../../run/events.ts';
import type { Fleet } from '../../run/open-fleet.ts';
import { exitCodeOf } from '../../run/trouble.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Io } from '../output/io.ts';
import type { RunOptions } from './options.ts';

/** The part of a run's record that describes the play. */
export interface AboutPlay {
  readonly inventory: string;
  readonly moreInventories?: readonly string[];
  readonly playbook: string;
  readonly playName: string;
  /** The names of the playbook's steps. */
  readonly steps: readonly string[];
}

export interface Run {
  readonly about: AboutPlay;
  /** The playbook's `on_failure`. */
  readonly onFailure: OnFailure;
  readonly fleet: Pick<Fleet, 'hosts' | 'checks' | 'unreachable'>;
  /** Hosts that are left out, with the reason. */
  readonly refused?: ReadonlyMap<string, Trouble>;
  /** Writes the leases of the plan, before any host is changed. */
  readonly keepLeases: () => Promise<void>;
  readonly transport: Transport;
  readonly options: RunOptions;
  readonly io: Io;
}

/** Carries out the plans of a fleet and records the run. Returns the exit code. */
export async function carryOut(run: Run, report: Emit): Promise<number> {
  const { about, fleet, refused = new Map(), transport, options, io } = run;
  const id = newRunId();
  const hosts = fleet.hosts.map(({ resolved }) => resolved.host);
  const runs = new Journal(options.stateDir);
  const { playName, steps } = about;
  const { moreInventories } = about;
  const paths = {
    inventory: resolve(about.inventory),
    ...(moreInventories === undefined
      ? {}
      : { moreInventories: moreInventories.map((path) => resolve(path)) }),
    playbook: resolve(about.playbook),
  };
  const machines = new Map(
    fleet.hosts.flatMap(({ resolved, facts }) => {
      const machine = facts.find(osFact)?.machine;
      return machine === undefined ? [] : [[resolved.host.name, machine] as const];
    }),
  );
  const journal = runs.start({ id, verb: 'apply', ...paths, playName, steps }, hosts, machines);
  const emit = (event: RunEvent) => {
    journal.event(event);
    report(event);
  };
  await run.keepLeases();
  emit({ type: 'run-started', run: id, verb: 'apply', hosts: hosts.map(({ name }) => name) });
  const results = await applyFleet(fleet.hosts, {
    transport,
    forks: options.forks,
    signal: io.signal,
    ...(options.wait === undefined ? {} : { wait: options.wait }),
    emit,
    run: id,
    onFailure: options.onFailure ?? run.onFailure,
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
  const leftOut = (outcome: HostResult['outcome'], troubles: ReadonlyMap<string, Trouble>) => {
    for (const [host, trouble] of troubles) results.set(host, { outcome, changes: 0, trouble });
  };
  leftOut('not-started', refused);
  leftOut('unreachable', fleet.unreachable);
  const exitCode = exitCodeOf(results.values(), io.signal.aborted);
  journal.finish(results, exitCode);
  emit({ type: 'run-finished', run: id, exitCode, results: Object.fromEntries(results) });
  return exitCode;
}
