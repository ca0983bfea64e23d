import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { isUndoneStage } from '../changes/stage.ts';
import { RunError } from '../diagnostics/errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { mustBeBeneath, OutsideProject } from '../files/project.ts';
import { readStoredText } from '../files/read-stored.ts';
import { tidy } from '../json/records.ts';
import { onlyLeft, type RecordedStage } from '../plan/recorded-stage.ts';
import { isSameHost, type RecordedHost } from '../run/same-host.ts';
import type { HostTarget } from '../transport/transport.ts';
import { readKept, readRecord } from './read-record.ts';
import type { HostRecord, RunRecord } from './record.ts';
import { idOf } from './run-id.ts';
import { RunJournal } from './run-journal.ts';
import { isUndone, undosOf } from './run-state.ts';

/** The default state folder. */
const usual = '.meshbook';

/** The history of runs on this controller: one folder per run, in the state folder. */
export class Journal {
  readonly #stateDir: string;
  readonly #folder: string;

  /** @throws RunError if the folder is a link that may have come with untrusted files: the user hasn't named it. */
  constructor(stateDir: string) {
    if (stateDir === usual && lstatSync(usual, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new RunError('state', `the state folder ${usual} is a link, and may be a stranger's`, {
        hint: 'name the folder that it leads to: --state-dir, or MESHBOOK_STATE_DIR',
      });
    }
    this.#stateDir = stateDir;
    this.#folder = join(stateDir, 'runs');
  }

  /** Every readable run, oldest first. */
  list(): RunRecord[] {
    return this.#all()
      .flatMap((run) => (run instanceof RunError ? [] : [run]))
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  }

  /** Why records here can't be read: broken ones, and those of another version. They don't affect the others. */
  unreadable(): RunError[] {
    return this.#all().filter((run) => run instanceof RunError);
  }

  #all(): (RunRecord | RunError)[] {
    return this.#ids().map((id) => {
      try {
        return this.#record(id);
      } catch (error) {
        if (error instanceof RunError) return error;
        throw error;
      }
    });
  }

  #ids(): string[] {
    if (!existsSync(this.#folder)) return [];
    try {
      mustBeBeneath(this.#stateDir, this.#folder);
    } catch (cause) {
      if (!(cause instanceof OutsideProject)) throw cause;
      throw new RunError('state', cause.message, { hint: 'remove the link', cause });
    }
    return readdirSync(this.#folder)
      .filter((id) => existsSync(join(this.#folder, id, 'run.json')))
      .sort();
  }

  /**
   * A run by its id, by the beginning of the id or of its last part, or by its end, at least four characters: the
   * record's `id` is the whole one.
   * @throws RunError `state` if there is no such run or more than one, or its record is invalid.
   */
  read(part: string): RunRecord {
    return this.#record(idOf(part, this.#ids()));
  }

  #record(id: string): RunRecord {
    return readRecord(this.#stateDir, join(this.#folder, id), id);
  }

  /**
   * The newest apply that has something left to undo, on any of `hosts` if these are given; `packages` as for
   * `leftToUndo`. @throws RunError `state` if there is none.
   */
  last(packages = false, hosts?: ReadonlySet<string>): RunRecord {
    const runs = this.list();
    const last = runs.findLast(
      (run) =>
        run.verb === 'apply' &&
        this.leftToUndo(run, packages, runs).some(
          ({ target }) => hosts === undefined || hosts.has(target.name),
        ),
    );
    if (last === undefined)
      throw new RunError(
        'state',
        `there is no run left to undo ${hosts === undefined ? 'here' : `on ${[...hosts].join(', ')}`}`,
        {
          hint: 'meshbook runs lists the runs',
        },
      );
    return last;
  }

  /**
   * The applies after one that have something left to undo, newest first: undone in this order, they leave the hosts
   * as that one left them. @throws RunError `state` if nothing of it is in force itself.
   */
  after(run: RunRecord, packages = false): RunRecord[] {
    const runs = this.list();
    if (run.verb !== 'apply' || this.leftToUndo(run, false, runs).length === 0) {
      throw new RunError('state', `run ${run.id} is not in force, so nothing leads back to it`, {
        hint: 'meshbook runs lists the runs; name an apply that is not undone',
      });
    }
    return runs
      .filter(
        (other) =>
          other.verb === 'apply' &&
          other.startedAt > run.startedAt &&
          this.leftToUndo(other, packages, runs).length > 0,
      )
      .reverse();
  }

  /**
   * The hosts on which a run stored something that isn't known to be undone, each with those stages. Installed
   * packages alone count only on request, and forgotten hosts never.
   */
  leftToUndo(run: RunRecord, packages = false, runs: readonly RunRecord[] = this.list()): LeftHost[] {
    const undos = undosOf(run, runs);
    return Object.values(run.hosts).flatMap((host) => {
      if (host.forgotten !== undefined) return [];
      const stages = host.stages.filter(({ name }) => !isUndone(host, name, undos));
      const counts = stages.some(({ name }) => isUndoneStage(name, packages));
      const left = undos.findLast(({ hosts }) => hosts[host.target.name]?.result?.outcome === 'undone')
        ?.hosts[host.target.name]?.result?.left;
      return counts ? [tidy({ ...host, stages, left })] : [];
    });
  }

  /**
   * A run's recorded changes, by host; empty for a run that changed nothing.
   * @throws RunError `state` if they can't be read.
   */
  kept(id: string): Readonly<Record<string, RecordedStage>> {
    return readKept(this.#stateDir, join(this.#folder, id), id);
  }

  /** By host of the run: what later runs did there and is not undone, by run, oldest first. */
  later(run: RunRecord): ReadonlyMap<string, ReadonlyMap<string, RecordedStage>> {
    const found = [...this.standing(({ startedAt }) => startedAt > run.startedAt).values()]
      .flat()
      .sort((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1));
    const later = Object.values(run.hosts).map((host) => {
      const own = found.filter((one) => isSameHost(recordedHost(run, host), recordedHost(one.run, one)));
      return [host.target.name, new Map(own.map((one) => [one.run.id, one.kept]))] as const;
    });
    return new Map(later.filter(([, stages]) => stages.size > 0));
  }

  /** By host: what runs did there and is not undone, oldest run first. */
  standing(which: (run: RunRecord) => boolean = () => true): ReadonlyMap<string, readonly StageInForce[]> {
    const found = new Map<string, StageInForce[]>();
    const runs = this.list();
    for (const run of runs) {
      if (run.verb !== 'apply' || !which(run)) continue;
      const hosts = this.leftToUndo(run, false, runs);
      // A run that is undone or forgotten is not read further, so a broken record of it does no harm.
      const kept = hosts.length === 0 ? {} : this.kept(run.id);
      for (const { target, left } of hosts) {
        const stage = kept[target.name];
        if (stage === undefined) continue;
        const ofHost = found.get(target.name) ?? [];
        found.set(target.name, ofHost);
        ofHost.push({ run, target, kept: onlyLeft(stage, left) });
      }
    }
    return found;
  }

  /** The token that a confirm of a run needs. @throws RunError if there is none here. */
  token(id: string): string {
    try {
      return readStoredText(this.#stateDir, join(this.#folder, id, 'token'));
    } catch (cause) {
      throw new RunError('state', `the token of run ${id} is not kept here`, { cause });
    }
  }

  /** Records that a run on these hosts is neither offered nor counted any more. */
  forget(id: string, hosts: readonly string[]): void {
    const at = new Date().toISOString();
    this.resume(id).forget(hosts, { user: userInfo().username, controller: hostname(), at });
  }

  /** Continues a run's record. */
  resume(id: string): RunJournal {
    return new RunJournal(join(this.#folder, id), this.#record(id));
  }

  /**
   * Starts a run's record and its token; on disk before this returns. `machines` identifies each host's machine, if
   * known. @throws RunError if it can't be written.
   */
  start(
    run: Omit<RunRecord, 'formatVersion' | 'user' | 'controller' | 'startedAt' | 'hosts'>,
    targets: readonly HostTarget[],
    machines: ReadonlyMap<string, string> = new Map(),
  ): RunJournal {
    const folder = join(this.#folder, run.id);
    try {
      mustBeBeneath(this.#stateDir, this.#folder);
      makeFolder(folder, 0o700);
      writeFileSync(join(folder, 'token'), randomBytes(24).toString('hex'), { mode: 0o600 });
    } catch (cause) {
      const message = `can't keep a record of the run in ${folder}: ${(cause as Error).message}`;
      throw new RunError('state', message, { hint: 'name another folder by --state-dir', cause });
    }
    const hosts: Record<string, HostRecord> = {};
    for (const { name, address, ssh, become } of targets) {
      const machine = machines.get(name);
      const known = machine === undefined ? {} : { machine };
      hosts[name] = { target: { name, address, ssh, become }, ...known, stages: [] };
    }
    return new RunJournal(folder, {
      formatVersion: 2,
      ...run,
      user: userInfo().username,
      controller: hostname(),
      startedAt: new Date().toISOString(),
      hosts,
    });
  }
}

/** A host of a run, for comparison with those of others. */
export function recordedHost(run: RunRecord, { target }: Pick<HostRecord, 'target'>): RecordedHost {
  return { inventory: run.inventory, target, machine: run.hosts[target.name]?.machine };
}

/** A host of a run, with what is left to undo. */
export interface LeftHost extends HostRecord {
  /** Only these changes of the stage `main`: an undo that left conflicts alone has undone all others. */
  readonly left?: readonly string[];
}

/** What a run has left on a host. */
export interface StageInForce {
  readonly run: RunRecord;
  /** The host as the run reached it. */
  readonly target: HostTarget;
  readonly kept: RecordedStage;
}
