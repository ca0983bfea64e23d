import { type ChildProcess, spawn } from 'node:child_process';
import type { RunEvent } from '../../../src/run/events.ts';

/** The built command line. */
export const bin = new URL('../../../bin/meshbook', import.meta.url).pathname;

interface Waiter {
  readonly wanted: (event: RunEvent) => boolean;
  readonly freeze: boolean;
  readonly resolve: (found: boolean) => void;
}

/** A `meshbook … --json` process, to watch and to break. */
export class Controller {
  readonly events: RunEvent[] = [];
  /** Its stderr. */
  stderr = '';
  /** Its exit code, or the signal that ended it. */
  readonly end: Promise<number | string>;
  readonly #child: ChildProcess;
  #waiters: Waiter[] = [];

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [bin, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(JSON.parse(line) as RunEvent);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.end = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        for (const { resolve: tell } of this.#waiters) tell(false);
        resolve(code ?? signal ?? 'unknown');
      });
    });
  }

  /** The run's id; empty before it has one. */
  get run(): string {
    const started = this.events.find((event) => event.type === 'run-started');
    return started?.type === 'run-started' ? started.run : '';
  }

  /**
   * Resolves at the event, and with `freeze` stops the process at the same moment; false if it ends without the event.
   */
  until(wanted: (event: RunEvent) => boolean, freeze: boolean): Promise<boolean> {
    return new Promise((resolve) => this.#waiters.push({ wanted, freeze, resolve }));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  #take(event: RunEvent): void {
    this.events.push(event);
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.wanted(event)) return true;
      if (waiter.freeze) this.signal('SIGSTOP');
      waiter.resolve(true);
      return false;
    });
  }
}
