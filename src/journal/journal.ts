import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isUndoneStage } from '../changes/stage.ts';
import { RunError } from '../diagnostics/errors.ts';
import { type Schema, unlike } from '../facts/schema.ts';
import { makeFolder } from '../files/make-folder.ts';
import { mustBeBeneath, OutsideProject } from '../files/project.ts';
import { readStored, readStoredText } from '../files/read-stored.ts';
import { type KeptStage, onlyLeft } from '../plan/kept-stage.ts';
import type { HostResult, RunEvent } from '../run/events.ts';
import type { Decision } from '../run/progress.ts';
import { isReachedAt, isSameHost, type RecordedHost } from '../run/same-host.ts';
import type { StageIndex } from '../run/stage-item.ts';
import { type EndedUndo, expired } from '../run/stand.ts';
import { withoutSecretWords } from '../secrets/words.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { Forgotten, HostRecord, RunRecord } from './record.ts';
import { keptSchema, runSchema } from './record-schema.ts';
import { isUndone, undosOf } from './run-state.ts';
import { withSettleValues } from './version-1.ts';

/** Characters of an id's part, so that a slip of the finger chooses no run. */
const leastPart = 4;
/** How many runs are named that a part may mean. */
const mostNamed = 5;

/** Where the state folder is when nobody has named one. */
const usual = '.meshbook';

/** The history of runs on this controller: one folder a run, under the state directory. */
export class Journal {
  readonly #stateDir: string;
  readonly #folder: string;

  /** @throws RunError when the folder is a link that may have come with somebody else's files: nobody has named it. */
  constructor(stateDir: string) {
    if (stateDir === usual && lstatSync(usual, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new RunError('state', `the state folder ${usual} is a link, and may be a stranger's`, {
        hint: 'name the folder that it leads to: --state-dir, or MESHBOOK_STATE_DIR',
      });
    }
    this.#stateDir = stateDir;
    this.#folder = join(stateDir, 'runs');
  }

  /** Every run that can be read, the oldest first. */
  list(): RunRecord[] {
    return this.#all()
      .flatMap((run) => (run instanceof RunError ? [] : [run]))
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  }

  /** Why records that are here can't be read: broken ones, and those of another version. None keeps the others. */
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
   * A run by its id, or by the beginning of it or of its last part, or by its end, four characters at least: the record's
   * `id` is the whole one.
   * @throws RunError `state` when there is no such run or more than one, or its record isn't one.
   */
  read(part: string): RunRecord {
    const ids = this.#ids();
    if (ids.includes(part)) return this.#record(part);
    const found = ids.filter((id) => isPart(part, id));
    const [id] = found;
    if (id !== undefined && part.length < leastPart) {
      throw new RunError('state', `${part} is too short to name a run`, {
        hint: `write at least ${leastPart} characters of its id: meshbook runs lists them`,
      });
    }
    if (id === undefined) {
      throw new RunError('state', `there is no run ${part} here`, {
        hint: 'meshbook runs lists them; --state-dir names another place',
      });
    }
    if (found.length > 1) {
      const some = found.length > mostNamed ? `${found.slice(-mostNamed).join(', ')}, …` : found.join(', ');
      throw new RunError('state', `${found.length} runs have ${part} in their ids`, {
        hint: `write more of one: ${some}`,
      });
    }
    return this.#record(id);
  }

  #record(id: string): RunRecord {
    const path = join(this.#folder, id, 'run.json');
    const hint = `${byHand(id)}; then delete the folder ${join(this.#folder, id)}`;
    const record = readStored<RunRecord>(this.#stateDir, path, hint);
    const version: unknown = record.formatVersion;
    if (typeof version === 'number' && version !== 1 && version !== 2) {
      const why = `its format version is ${version}, this meshbook reads 1 and 2`;
      throw new RunError('state', `${path} can't be read: ${why}`, { hint: 'use the meshbook that made it' });
    }
    mustBeLike(runSchema, record, `${path} can't be read: it holds no run`, hint);
    // Its other files are found by it.
    if (record.id === id) return record;
    throw new RunError('state', `${path} can't be read: it is of another run, ${record.id}`, { hint });
  }

  /**
   * The newest apply that has something left to undo, on some of `hosts` where these are given; `packages` as for
   * `leftToUndo`. @throws RunError `state` when there is none.
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
   * The applies after one that have something left to undo, the newest first: undone in this order, they leave the
   * hosts as that one had left them. @throws RunError `state` when nothing of it is in force itself.
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
   * The hosts on which a run stored something that isn't known to be taken back, each with the stages of which
   * that is so. Installed packages alone count only where they are asked for, and forgotten hosts never.
   */
  leftToUndo(run: RunRecord, packages = false, runs: readonly RunRecord[] = this.list()): LeftHost[] {
    const undos = undosOf(run, runs);
    return Object.values(run.hosts).flatMap((host) => {
      if (host.forgotten !== undefined) return [];
      const stages = host.stages.filter(({ name }) => !isUndone(host, name, undos));
      const counts = stages.some(({ name }) => isUndoneStage(name, packages));
      const left = undos.findLast(({ hosts }) => hosts[host.target.name]?.result?.outcome === 'undone')
        ?.hosts[host.target.name]?.result?.left;
      return counts ? [{ ...host, stages, ...(left === undefined ? {} : { left }) }] : [];
    });
  }

  /**
   * What a run's record holds of its changes, by host; empty for a run that changed nothing.
   * @throws RunError `state` when that can't be read.
   */
  kept(id: string): Readonly<Record<string, KeptStage>> {
    const path = join(this.#folder, id, 'changes.json');
    if (!existsSync(path)) return {};
    const hint = `${byHand(id)}; then, or if it shall stay: meshbook runs forget ${id}`;
    const kept = readStored<Record<string, KeptStage>>(this.#stateDir, path, hint);
    mustBeLike(keptSchema, kept, `${path} can't be read: it holds no changes of a run`, hint);
    return Object.fromEntries(Object.entries(kept).map(([host, stage]) => [host, withSettleValues(stage)]));
  }

  /** By host of the run: what later runs did there that isn't taken back, by run, the oldest first. */
  later(run: RunRecord): ReadonlyMap<string, ReadonlyMap<string, KeptStage>> {
    const found = [...this.standing(({ startedAt }) => startedAt > run.startedAt).values()]
      .flat()
      .sort((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1));
    const later = Object.values(run.hosts).map((host) => {
      const own = found.filter((one) => isSameHost(recordedHost(run, host), recordedHost(one.run, one)));
      return [host.target.name, new Map(own.map((one) => [one.run.id, one.kept]))] as const;
    });
    return new Map(later.filter(([, stages]) => stages.size > 0));
  }

  /** By host: what runs did there that isn't taken back, the oldest run first. */
  standing(which: (run: RunRecord) => boolean = () => true): ReadonlyMap<string, readonly StandingStage[]> {
    const found = new Map<string, StandingStage[]>();
    const runs = this.list();
    for (const run of runs) {
      if (run.verb !== 'apply' || !which(run)) continue;
      const hosts = this.leftToUndo(run, false, runs);
      // Of a run that is undone or forgotten nobody asks for more, so that a broken record does no harm.
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

  /** What a confirm of a run must know. @throws RunError when nothing is kept of it here. */
  token(id: string): string {
    try {
      return readStoredText(this.#stateDir, join(this.#folder, id, 'token'));
    } catch (cause) {
      throw new RunError('state', `the token of run ${id} is not kept here`, { cause });
    }
  }

  /** Notes that what a run has left on these hosts is neither offered nor counted any more. */
  forget(id: string, hosts: readonly string[]): void {
    const at = new Date().toISOString();
    this.resume(id).forget(hosts, { user: userInfo().username, controller: hostname(), at });
  }

  /** Notes how hosts have undone runs that are armed there by their records: nobody has confirmed them in time. */
  expire(found: readonly ExpiredRun[]): void {
    for (const { id, hosts } of this.list()) {
      const own = found.filter(({ run }) => run === id);
      const results = Object.values(hosts).flatMap(({ target, result }): [string, HostResult][] => {
        const one = own.find((other) => isReachedAt(other.target, target));
        if (one === undefined || result?.outcome !== 'armed') return [];
        const { armedUntil: _, ...before } = result;
        return [[target.name, { ...before, ...expired(one.undo) }]];
      });
      if (results.length > 0) this.resume(id).settle(new Map(results));
    }
  }

  /** Goes on with a run's record. */
  resume(id: string): RunJournal {
    return new RunJournal(join(this.#folder, id), this.#record(id));
  }

  /**
   * Starts a run's record and its token; on disk before this returns. `machines` says which machine a host is, where
   * that is known. @throws RunError when it can't be kept.
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

/** The folder may have come with somebody else's files. @throws RunError with where the value isn't as it is written. */
function mustBeLike(schema: Schema, value: object, message: string, hint: string): void {
  const why = unlike(schema, value);
  if (why !== undefined) throw new RunError('state', `${message}: ${why}`, { hint });
}

/** Whether a run may be meant: by the beginning or the end of its id, or the beginning of what stands after its time. */
export function isPart(part: string, id: string): boolean {
  return part !== '' && (id.startsWith(part) || id.endsWith(part) || lastPart(id).startsWith(part));
}

/** What stands after the time in an id: people write it for the whole. */
export function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('-') + 1);
}

/** How a run is taken back without its record. */
function byHand(id: string): string {
  return `to take the run back, as root on each of its hosts: sh /var/lib/meshbook/transactions/${id}/control undo asked`;
}

/** A host of a run, to be found among those of others. */
export function recordedHost(run: RunRecord, { target }: Pick<HostRecord, 'target'>): RecordedHost {
  return { inventory: run.inventory, target, machine: run.hosts[target.name]?.machine };
}

/** A host of a run, as far as it is left to undo. */
export interface LeftHost extends HostRecord {
  /** Of the stage `main` only these changes: all others were taken back by an undo that left conflicts alone. */
  readonly left?: readonly string[];
}

/** A run that a host has undone without having been told to by this controller. */
export interface ExpiredRun {
  readonly run: string;
  readonly target: HostTarget;
  readonly undo: EndedUndo;
}

/** What a run has left on a host. */
export interface StandingStage {
  readonly run: RunRecord;
  /** The host as the run reached it. */
  readonly target: HostTarget;
  readonly kept: KeptStage;
}

/** One run's record while it goes on. */
export class RunJournal {
  readonly #folder: string;
  #head: Omit<RunRecord, 'hosts'>;
  readonly #hosts: Record<string, HostRecord>;

  constructor(folder: string, { hosts, ...head }: RunRecord) {
    this.#folder = folder;
    this.#head = head;
    this.#hosts = { ...hosts };
    this.#write();
  }

  /** Notes every host's next stage, before it is stored or taken back there. */
  stages(stages: ReadonlyMap<string, StageIndex>): void {
    for (const [host, stage] of stages) {
      const entry = this.#hosts[host] as HostRecord;
      this.#hosts[host] = { ...entry, stages: [...entry.stages, stage] };
    }
    this.#write();
  }

  /** Keeps what the stage `main` is about to change on every host; on disk before this returns. */
  keep(stages: ReadonlyMap<string, KeptStage>): void {
    if (stages.size === 0) return;
    const text = `${JSON.stringify(Object.fromEntries(stages))}\n`;
    writeFileAtomic.sync(join(this.#folder, 'changes.json'), text, { mode: 0o600 });
  }

  /** Notes what becomes of the run, and on which hosts it is undone in any case; on disk before this returns. */
  decide(decision: Decision, undone: readonly string[] = []): void {
    this.#head = { ...this.#head, decision };
    for (const host of undone) {
      this.#hosts[host] = { ...(this.#hosts[host] as HostRecord), decision: 'undo' };
    }
    this.#write();
  }

  /** Notes who has had the run forgotten on these hosts; on disk before this returns. */
  forget(hosts: readonly string[], forgotten: Forgotten): void {
    for (const host of hosts) this.#hosts[host] = { ...(this.#hosts[host] as HostRecord), forgotten };
    this.#write();
  }

  /** Appends an event, with the time. */
  event(event: RunEvent): void {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...withoutSecretWords(event) })}\n`;
    const file = openSync(join(this.#folder, 'events.jsonl'), appending, 0o600);
    try {
      appendFileSync(file, line);
    } finally {
      closeSync(file);
    }
  }

  finish(results: ReadonlyMap<string, HostResult>, exitCode: number): void {
    this.#take(results);
    this.#write({ finishedAt: new Date().toISOString(), exitCode });
  }

  /** Notes how the run ended on hosts that were still armed at its end. */
  settle(results: ReadonlyMap<string, HostResult>): void {
    this.#take(results);
    this.#write();
  }

  #take(results: ReadonlyMap<string, HostResult>): void {
    for (const [host, result] of results) {
      const entry = this.#hosts[host];
      if (entry !== undefined) this.#hosts[host] = { ...entry, result };
    }
  }

  #write(end: Partial<RunRecord> = {}): void {
    const record: RunRecord = {
      ...withoutSecretWords({ ...this.#head, ...end }),
      hosts: Object.fromEntries(Object.entries(this.#hosts).map(([name, host]) => [name, recordOf(host)])),
    };
    writeFileAtomic.sync(join(this.#folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`, {
      mode: 0o600,
    });
  }
}

/** Without secrets; but names that an undo goes by stay, whatever secret is a part of them. */
function recordOf(host: HostRecord): HostRecord {
  const stages = host.stages.map((stage) => ({ ...withoutSecretWords(stage), name: stage.name }));
  return { ...withoutSecretWords(host), target: host.target, stages };
}

/** As `a`; but a link there, which nobody has made but a stranger, is not followed. */
const appending = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);

/** A run's name: sorts by time, and unguessable enough to never meet another. */
export function newRunId(now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace(/\..*/, '').replace('T', '-');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}
