import { randomBytes } from 'node:crypto';
import { InternalError, RunError } from '../diagnostics/errors.ts';
import { secrets } from '../secrets/masker.ts';
import type { Sh } from '../sh/sh.ts';
import { EventReader, type HostEvent } from '../transaction/events.ts';
import { type Skipped, startScript } from '../transaction/host-scripts.ts';
import type { Emit, Trouble } from './events.ts';
import { failureOf, hostWords } from './failure.ts';
import { lockedError } from './lock.ts';
import { type HostSession, markAnswered, withRetry } from './patience.ts';
import { isOwn, type StageIndex } from './stage-item.ts';
import { Turns } from './turns.ts';

const withheld = '(what it printed is not shown: the step has secrets, and an undo does not know them)';

/** A host during a run. */
export interface HostRun extends HostSession {
  readonly run: string;
  readonly emit: Emit;
}

export interface ProgramResult {
  readonly outcome: 'ok' | 'failed' | 'stopped' | 'busy';
  /** How many changes were completed; for an undo, without commands that have none. */
  readonly completed: number;
  /** How many of them an undo undoes. */
  readonly undoable: number;
  /** Ids of commands without an undo that were begun: their effects stay. */
  readonly stays: readonly string[];
  /** Ids of commands that did not run because there was nothing to do. */
  readonly notRun: readonly string[];
  readonly trouble?: Trouble;
  readonly notices: readonly string[];
}

/** Notices in the form of a result. */
export function noticed(notices: readonly string[]): { readonly notices?: readonly string[] } {
  return notices.length === 0 ? {} : { notices };
}

/** What stays of an undone run, in the form of a result. */
export function staying(stays: readonly string[]): { readonly stays?: readonly string[] } {
  return stays.length === 0 ? {} : { stays };
}

/** Maximum notices of a host; our programs stay far below. */
export const mostNotices = 1000;

/**
 * None of our programs takes as long: an armed host undoes a run after an hour, and every wait of an undo is limited.
 */
const longestMs = 2 * 60 * 60 * 1000;

/**
 * Starts a stored program on the host and follows it to its end. The program runs detached, so a lost
 * connection is only a lost view: it is made anew, and the events are read on from where they broke off.
 * `pass` is heeded by an undo; `watch` is told of every event.
 * @throws RunError when the outcome can't be learnt.
 */
export async function runProgram(
  host: HostRun,
  stage: StageIndex,
  verb: 'apply' | 'undo',
  { pass, watch }: { readonly pass?: Skipped; readonly watch?: (event: HostEvent) => void } = {},
): Promise<ProgramResult> {
  const reader = new EventReader(Object.keys(stage.items).length);
  const end = Date.now() + longestMs;
  const seen = new ProgramProgress(host, stage, verb, watch);
  const start = { attempt: randomBytes(8).toString('hex'), ...(pass === undefined ? {} : { pass }) };
  await withRetry(host, () => {
    reader.resume();
    return follow(
      host,
      startScript(host.run, stage.name, verb, { ...start, offset: reader.offset }),
      reader,
      seen,
      Math.max(1, end - Date.now()),
    );
  });
  if (seen.result !== undefined) return seen.result;
  throw new RunError('protocol', `the host's program ended without an outcome`, { host: host.target.name });
}

/** The time after an undo's last event in which a host reports, disarms and unlocks itself. */
const afterUndoMs = 10_000;

/**
 * Resolves at the program's own end, without waiting for the follower on the host to notice it; for an undo, once the
 * host is free for the next run.
 */
function follow(
  host: HostRun,
  script: Sh,
  reader: EventReader,
  seen: ProgramProgress,
  timeoutMs: number,
): Promise<void> {
  // Anything after the end, or after an impossible event, is ignored.
  const over = new AbortController();
  let last: NodeJS.Timeout | undefined;
  const work = new Promise<void>((resolve, reject) => {
    const onStdout = (text: string) => {
      if (over.signal.aborted || seen.result !== undefined) return;
      try {
        for (const event of reader.push(text)) {
          // A limit on bytes alone would let a host keep us for ever.
          markAnswered(host);
          seen.take(event);
          if (seen.result === undefined) continue;
          if (seen.verb === 'apply') return resolve();
          last ??= setTimeout(resolve, afterUndoMs);
          return;
        }
      } catch (error) {
        reject(error);
      }
    };
    const options = { onStdout, timeoutMs, maxOutputBytes: reader.mostBytes, signal: over.signal };
    host.connection.run(script.text, options).then(
      (result) => {
        if (result.exitCode === 0 || seen.result !== undefined) resolve();
        else {
          const { name } = host.target;
          const locked = lockedError(name, result.exitCode, result.stderr);
          const why = hostWords(result.stderr) || `status ${result.exitCode}`;
          reject(locked ?? new RunError('state', why, { host: name }));
        }
      },
      (error: unknown) => (seen.result === undefined ? reject(error) : resolve()),
    );
  });
  return work.finally(() => {
    clearTimeout(last);
    over.abort();
  });
}

/** Turns a host's events into the run's, and counts. */
class ProgramProgress {
  result: ProgramResult | undefined;
  readonly #host: HostRun;
  readonly #stage: StageIndex;
  readonly verb: 'apply' | 'undo';
  readonly #turns: Turns;
  #completed = 0;
  #undoable = 0;
  readonly #notRun: string[] = [];
  readonly #stays = new Set<string>();
  #trouble: Trouble | undefined;
  readonly #notices: string[] = [];

  readonly #watch: ((event: HostEvent) => void) | undefined;

  constructor(host: HostRun, stage: StageIndex, verb: 'apply' | 'undo', watch?: (event: HostEvent) => void) {
    this.#watch = watch;
    this.#host = host;
    this.#stage = stage;
    this.verb = verb;
    this.#turns = new Turns(verb, Object.keys(stage.items));
  }

  take(event: HostEvent): void {
    this.#turns.take(event);
    this.#watch?.(event);
    if (event.type === 'end') {
      const trouble =
        this.#trouble ??
        (event.outcome === 'busy' ? busy : event.outcome === 'failed' ? unwritten : undefined);
      this.result = {
        outcome: event.outcome,
        completed: this.#completed,
        undoable: this.#undoable,
        notRun: this.#notRun,
        stays: [...this.#stays],
        notices: this.#notices,
        ...(trouble === undefined ? {} : { trouble }),
      };
      return;
    }
    const host = this.#host.target.name;
    const item = this.#stage.items[event.id];
    if (item === undefined) throw new InternalError(`there is no change ${event.id}`);
    if (event.type === 'notice') {
      if (this.#notices.push(event.text) > mostNotices)
        throw new RunError('protocol', 'the host prints more than any program of ours', { host });
      this.#host.emit({ type: 'notice', host, message: event.text });
      return;
    }
    if (event.type === 'wait') return;
    if (event.type === 'begin' && item.stays) this.#stays.add(event.id);
    if (event.type === 'not-run') {
      this.#notRun.push(event.id);
      this.#stays.delete(event.id);
    }
    // The host skips it, since there is nothing to do.
    if (this.verb === 'undo' && item.stays && event.type !== 'failed') return;
    if (event.type === 'ok' && isOwn(item)) {
      this.#completed++;
      if (!item.stays) this.#undoable++;
    }
    const { brings: _, takes: _takes, ...told } = item;
    this.#host.emit({
      type: 'change',
      host,
      verb: this.verb,
      stage: this.#stage.name,
      id: event.id,
      ...told,
      state: event.type,
    });
    if (event.type !== 'failed') return;
    // A later undo doesn't know the secrets to mask.
    const output = item.secret && !secrets.knowsAny ? withheld : secrets.cut(event.output);
    this.#trouble ??= failureOf(item, this.verb, { ...event, output });
  }
}

const busy: Trouble = {
  code: 'locked',
  message: 'another meshbook on this host does not end, so this undo was not begun',
  hint: "see on the host what it is doing (main/undo.events in the run's folder), then run the undo again",
};

const unwritten: Trouble = {
  code: 'command-failed',
  message: 'the host could not flush its changes to disk, so a power cut would lose them',
  hint: 'is a disk full or broken there? df, dmesg',
};
