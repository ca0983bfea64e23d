import { appendFileSync, closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { RecordedStage } from '../plan/recorded-stage.ts';
import type { HostResult, RunEvent } from '../run/events.ts';
import type { Decision } from '../run/progress.ts';
import type { StageIndex } from '../run/stage-item.ts';
import { withoutSecretWords } from '../secrets/words.ts';
import type { Forgotten, HostRecord, RunRecord } from './record.ts';

/** The record of a run in progress. */
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

  /** Records every host's next stage, before it is stored or undone there. */
  stages(stages: ReadonlyMap<string, StageIndex>): void {
    for (const [host, stage] of stages) {
      const entry = this.#hosts[host] as HostRecord;
      this.#hosts[host] = { ...entry, stages: [...entry.stages, stage] };
    }
    this.#write();
  }

  /** Records what the stage `main` is about to change on every host; on disk before this returns. */
  keep(stages: ReadonlyMap<string, RecordedStage>): void {
    if (stages.size === 0) return;
    const text = `${JSON.stringify(Object.fromEntries(stages))}\n`;
    writeFileAtomic.sync(join(this.#folder, 'changes.json'), text, { mode: 0o600 });
  }

  /** Records the decision, and the hosts on which the run is undone in any case; on disk before this returns. */
  decide(decision: Decision, undone: readonly string[] = []): void {
    this.#head = { ...this.#head, decision };
    for (const host of undone) {
      this.#hosts[host] = { ...(this.#hosts[host] as HostRecord), decision: 'undo' };
    }
    this.#write();
  }

  /** Records who has forgotten the run on these hosts; on disk before this returns. */
  forget(hosts: readonly string[], forgotten: Forgotten): void {
    for (const host of hosts) this.#hosts[host] = { ...(this.#hosts[host] as HostRecord), forgotten };
    this.#write();
  }

  /** Appends an event with its time. */
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

  /** Records how the run ended on hosts that were still armed at its end. */
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

/** Without secrets; but names that an undo needs are kept, even if they contain a secret. */
function recordOf(host: HostRecord): HostRecord {
  const stages = host.stages.map((stage) => ({ ...withoutSecretWords(stage), name: stage.name }));
  return { ...withoutSecretWords(host), target: host.target, stages };
}

/** Like `a`; but a link there, which only a stranger can have made, is not followed. */
const appending = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
