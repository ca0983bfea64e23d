import { RunError } from '../diagnostics/errors.ts';
import type { HostEvent } from '../transaction/events.ts';

/**
 * Checks that a host's events are in the program's order: an apply through all its changes and settle actions, an undo
 * backwards through changes and then through settle actions. Each is begun once and ended once, before the next;
 * events in between are about it.
 */
export class Turns {
  readonly #verb: 'apply' | 'undo';
  /** All of the stage. */
  readonly #ids: ReadonlySet<string>;
  readonly #last: { change: number; settle: number };
  /** Begun and not ended. */
  #at: string | undefined;
  readonly #waited = new Set<string>();
  #ended = 0;
  /** Only the end may follow. */
  #over = false;

  constructor(verb: 'apply' | 'undo', ids: Iterable<string>) {
    this.#verb = verb;
    this.#ids = new Set(ids);
    this.#last = { change: verb === 'apply' ? 0 : Number.POSITIVE_INFINITY, settle: 0 };
  }

  /** @throws RunError `protocol` for an event out of order. */
  take(event: HostEvent): void {
    if (event.type === 'end') {
      const isWhole = this.#verb === 'undo' || event.outcome !== 'ok' || this.#ended === this.#ids.size;
      if (this.#at !== undefined || !isWhole) throw outOfTurn(`its end (${event.outcome})`);
      this.#over = true;
      return;
    }
    const { type, id } = event;
    if (type === 'wait') {
      // Before it begins, and once: each time is answered.
      const isDue = this.#verb === 'apply' && !this.#over && this.#at === undefined && this.#ids.has(id);
      if (!isDue || this.#waited.has(id)) throw outOfTurn(`wait ${id}`);
      this.#waited.add(id);
      return;
    }
    // An apply that can't write its journal entry doesn't begin the change.
    const isUnbegun = type === 'failed' && this.#verb === 'apply' && this.#at === undefined;
    if (type === 'begin' || isUnbegun) {
      if (this.#over || this.#at !== undefined || !this.#isNext(id)) throw outOfTurn(`${type} ${id}`);
      this.#at = id;
      if (type === 'begin') return;
    }
    if (this.#at !== id) throw outOfTurn(`${type} ${id}`);
    if (type === 'notice') return;
    this.#at = undefined;
    this.#ended++;
    this.#over = type === 'failed' && this.#verb === 'apply';
  }

  #isNext(id: string): boolean {
    if (!this.#ids.has(id)) return false;
    const last = this.#last;
    if (id.startsWith('s')) {
      const number = Number(id.slice(1));
      const isNext = this.#verb === 'apply' ? number === last.settle + 1 : number > last.settle;
      last.settle = number;
      return isNext;
    }
    const number = Number(id);
    const isNext =
      this.#verb === 'apply' ? number === last.change + 1 : number < last.change && last.settle === 0;
    last.change = number;
    return isNext;
  }
}

function outOfTurn(what: string): RunError {
  return new RunError('protocol', `the host reports what no program of ours does next: ${what}`);
}
