import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { RunError } from '../diagnostics/errors.ts';
import type { HostResult, RunEvent } from '../run/events.ts';
import type { StageIndex } from '../run/program-run.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { HostRecord, RunRecord } from './record.ts';

/** The history of runs on this controller: one folder a run, under the state directory. */
export class Journal {
  readonly #folder: string;

  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'runs');
  }

  /** Every run that can be read, the oldest first. */
  list(): RunRecord[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((id) => existsSync(join(this.#folder, id, 'run.json')))
      .map((id) => this.read(id))
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  }

  /** @throws RunError `state` when there is no such run, or its record isn't one. */
  read(id: string): RunRecord {
    const path = join(this.#folder, id, 'run.json');
    if (!/^[\w-]+$/.test(id) || !existsSync(path)) {
      throw new RunError('state', `there is no run ${id} here`, {
        hint: 'meshbook runs lists them; --state-dir names another place',
      });
    }
    try {
      const record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
      if (record.formatVersion !== 1)
        throw new Error(`its format version is ${record.formatVersion}, this meshbook reads 1`);
      return record;
    } catch (cause) {
      throw new RunError('state', `${path} can't be read: ${(cause as Error).message}`, { cause });
    }
  }

  /** The newest apply that has something left to undo; `packages` as for `leftToUndo`. */
  last(packages = false): RunRecord {
    const last = this.list().findLast(
      (run) => run.verb === 'apply' && this.leftToUndo(run, packages).length > 0,
    );
    if (last === undefined)
      throw new RunError('state', 'there is no run left to undo here', {
        hint: 'meshbook runs lists the runs',
      });
    return last;
  }

  /**
   * The hosts on which a run stored something that isn't known to be taken back, each with the stages of which
   * that is so. Installed packages alone count only where they are asked for.
   */
  leftToUndo(run: RunRecord, packages = false): HostRecord[] {
    const undos = this.list().filter(({ undoes }) => undoes === run.id);
    return Object.values(run.hosts).flatMap((host) => {
      const stages = host.stages.filter(({ name }) => !isUndone(host, name, undos));
      const counts = stages.some(({ name }) => packages || name !== 'packages');
      return counts ? [{ ...host, stages }] : [];
    });
  }

  /** Starts a run's record; on disk before this returns. */
  start(
    run: Omit<RunRecord, 'formatVersion' | 'user' | 'controller' | 'startedAt' | 'hosts'>,
    targets: readonly HostTarget[],
  ): RunJournal {
    const folder = join(this.#folder, run.id);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const hosts: Record<string, HostRecord> = {};
    for (const { name, address, ssh, become } of targets)
      hosts[name] = { target: { name, address, ssh, become }, stages: [] };
    return new RunJournal(folder, {
      formatVersion: 1,
      ...run,
      user: userInfo().username,
      controller: hostname(),
      startedAt: new Date().toISOString(),
      hosts,
    });
  }
}

function isUndone(
  { target, result }: HostRecord,
  stage: StageIndex['name'],
  undos: readonly RunRecord[],
): boolean {
  if (result?.outcome === 'not-started') return true;
  // A run that fails takes everything back itself but the packages.
  if (result?.outcome === 'undone' && stage !== 'packages') return true;
  return undos.some(({ hosts }) => {
    const undo = hosts[target.name];
    return undo?.result?.outcome === 'undone' && undo.stages.some(({ name }) => name === stage);
  });
}

/** One run's record while it goes on. */
export class RunJournal {
  readonly #folder: string;
  readonly #head: Omit<RunRecord, 'hosts'>;
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

  /** Appends an event, with the time. */
  event(event: RunEvent): void {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`;
    appendFileSync(join(this.#folder, 'events.jsonl'), line, { mode: 0o600 });
  }

  finish(results: ReadonlyMap<string, HostResult>, exitCode: number): void {
    for (const [host, result] of results) {
      const entry = this.#hosts[host];
      if (entry !== undefined) this.#hosts[host] = { ...entry, result };
    }
    this.#write({ finishedAt: new Date().toISOString(), exitCode });
  }

  #write(end: Partial<RunRecord> = {}): void {
    const record: RunRecord = { ...this.#head, ...end, hosts: this.#hosts };
    writeFileAtomic.sync(join(this.#folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`, {
      mode: 0o600,
    });
  }
}

/** A run's name: sorts by time, and unguessable enough to never meet another. */
export function newRunId(now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace(/\..*/, '').replace('T', '-');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}
