import type { Phase, RunEvent, Trouble } from '../../run/events.ts';
import { summaryWords } from '../text/words.ts';

/** One line of the live view: a phase or a step, over all hosts. */
export interface Row {
  readonly title: string;
  /** Hosts in progress, in the order in which they began. */
  readonly running: Set<string>;
  readonly done: Set<string>;
  readonly failed: Map<string, Trouble>;
  /** Among those that are done: commands that did not run. */
  readonly notRun: Set<string>;
  /** Why hosts are waiting. */
  readonly notices: Map<string, string>;
  /** The number of hosts that have this row, if known. */
  total?: number;
  begun: boolean;
}

type RowPhase = Exclude<Phase, 'apply'>;

const titles: Readonly<Record<RowPhase, string>> = {
  connect: 'Connect',
  probe: 'Read what is there',
  prepare: 'Prepare',
  verify: 'Verify',
  check: 'Check',
  confirm: 'Confirm',
  undo: 'Undo',
};

/**
 * Tracks the progress of every host. Pure bookkeeping: the cost of an event doesn't depend on the number of hosts.
 */
export class LiveProgress {
  /** In display order. */
  readonly rows: readonly Row[];
  readonly #phases: Readonly<Record<RowPhase, Row>>;
  readonly #steps: readonly Row[];
  readonly #settle: Row;
  /** Each host's current row. */
  readonly #at = new Map<string, Row>();
  /** Each host's last row. */
  readonly #last = new Map<string, Row>();
  /** Each host's current phase. */
  readonly #phase = new Map<string, Phase>();

  /** `expected`: the number of hosts with changes in each step, if known. */
  constructor(steps: readonly string[], expected?: readonly number[]) {
    const phase = (name: RowPhase) => row(titles[name]);
    this.#phases = {
      connect: phase('connect'),
      probe: phase('probe'),
      prepare: phase('prepare'),
      verify: phase('verify'),
      check: phase('check'),
      confirm: phase('confirm'),
      undo: phase('undo'),
    };
    this.#steps = steps.map((step, i) => row(step, expected?.[i]));
    this.#settle = row('Restart and reload');
    const { connect, probe, prepare, verify, check, confirm, undo } = this.#phases;
    this.rows = [connect, probe, prepare, ...this.#steps, this.#settle, verify, check, confirm, undo];
  }

  handle(event: RunEvent): void {
    if (event.type === 'phase') this.#onPhase(event.host, event.phase, event.state);
    else if (event.type === 'trouble') this.#fail(event.host, event.trouble);
    else if (event.type === 'change') this.#onChange(event);
    else if (event.type === 'notice') this.#at.get(event.host)?.notices.set(event.host, event.message);
  }

  #onPhase(host: string, phase: Phase, state: 'begin' | 'end'): void {
    if (state === 'end') {
      this.#leave(host);
      this.#phase.delete(host);
      return;
    }
    this.#phase.set(host, phase);
    if (phase !== 'apply') this.#enter(host, this.#phases[phase]);
  }

  #onChange({ host, step, verb, state, summary }: Extract<RunEvent, { type: 'change' }>): void {
    // An undo is a single row.
    if (verb === 'undo') return;
    if (state === 'begin')
      this.#enter(host, (step === undefined ? undefined : this.#steps[step]) ?? this.#settle);
    else if (state === 'not-run') this.#at.get(host)?.notRun.add(host);
    else if (state === 'failed')
      this.#fail(host, { code: 'command-failed', message: `${summaryWords(summary)} failed` });
  }

  #enter(host: string, next: Row): void {
    if (this.#at.get(host) === next) return;
    this.#leave(host);
    this.#at.set(host, next);
    next.begun = true;
    next.done.delete(host);
    next.running.add(host);
  }

  #leave(host: string): void {
    const last = this.#at.get(host);
    this.#at.delete(host);
    last?.notices.delete(host);
    if (last?.running.delete(host)) last.done.add(host);
    if (last !== undefined) this.#last.set(host, last);
  }

  #fail(host: string, trouble: Trouble): void {
    // The results of checks arrive once all hosts have finished theirs.
    const at = this.#at.get(host) ?? this.#last.get(host);
    if (at === undefined) return;
    at.notices.delete(host);
    at.running.delete(host);
    at.done.delete(host);
    // A failure is first reported by its change; the trouble that follows has more detail.
    at.failed.set(host, trouble);
  }
}

function row(title: string, total?: number): Row {
  return {
    title,
    running: new Set(),
    done: new Set(),
    failed: new Map(),
    notRun: new Set(),
    notices: new Map(),
    begun: false,
    ...(total === undefined ? {} : { total }),
  };
}
