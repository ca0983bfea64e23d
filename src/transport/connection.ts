import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { RunError } from '../diagnostics/errors.ts';
import { becomeError } from './become.ts';
import type { Login } from './connect.ts';
import { type Exchange, exchange } from './exchange.ts';
import { forHost } from './for-host.ts';
import { type CommandLine, commandLines } from './framing.ts';
import { printable } from './printable.ts';
import type { Connection, RunOptions, ScriptResult } from './transport.ts';

const defaultMaxOutputBytes = 2 * 1024 * 1024;

/** sshd's MaxSessions counts sessions that have ended but are not reaped yet; it refuses with this reason. */
const openConnectFailed = 2;
const openRetryMs: readonly number[] = [30, 100, 300, 600, 1000];

export interface ConnectionDetail {
  readonly host: string;
  /** For messages: where we are connected to. */
  readonly peer: string;
  readonly user: string;
  /** Whether scripts run through sudo. */
  readonly become: boolean;
  readonly becomePassword?: () => Promise<string>;
  /** One more connection to the same host. */
  readonly again: () => Promise<Connection>;
}

/** What may end the wait for a script from outside. */
interface Watch {
  readonly failure: Promise<never>;
  readonly isEnded: () => boolean;
  readonly stop: () => void;
}

/** A connection over a client that is ready. */
export class SshConnection implements Connection {
  readonly #login: Login;
  readonly #detail: ConnectionDetail;
  /** The reason, once the connection is gone. */
  #lost: RunError | undefined;
  readonly #onLost = new Set<(reason: RunError) => void>();
  /** The number of open sessions on this connection. */
  #sessions = 0;
  /** For scripts that get no session on this one. */
  #second: Promise<Connection> | undefined;

  constructor(login: Login, detail: ConnectionDetail) {
    this.#login = login;
    this.#detail = detail;
    let cause: Error | undefined;
    login.client.on('error', (error) => {
      cause ??= error;
    });
    login.client.on('close', () => this.#lose(cause));
  }

  async run(script: string, options: RunOptions = {}): Promise<ScriptResult> {
    options.signal?.throwIfAborted();
    if (this.#lost) throw this.#lost;
    const started = performance.now();
    // Asked for before the timeout starts: the user may have to type it.
    const password = this.#detail.become ? await this.#detail.becomePassword?.() : undefined;
    let channel: ClientChannel | undefined;
    const watch = this.#watch(options);
    try {
      const work = async () => {
        const command: CommandLine = !this.#detail.become
          ? 'plain'
          : password === undefined
            ? 'sudo'
            : 'sudoWithPassword';
        channel = await this.#open(commandLines[command]);
        if (channel === undefined) return await (await this.#besides()).run(script, options);
        if (watch.isEnded()) channel.close();
        const outcome = await exchange(channel, {
          script,
          maxOutputBytes: options.maxOutputBytes ?? defaultMaxOutputBytes,
          ...(password !== undefined && { password }),
          ...(options.onStdout && { onStdout: options.onStdout }),
        });
        return this.#judge(outcome, password !== undefined);
      };
      const working = work();
      working.catch(() => undefined); // The loser of the race is ignored.
      const result = await Promise.race([working, watch.failure]);
      return { ...result, durationMs: performance.now() - started };
    } catch (error) {
      channel?.close();
      throw forHost(error, this.#detail.host);
    } finally {
      watch.stop();
    }
  }

  silentSeconds(): number {
    return this.#login.silentSeconds();
  }

  close(): void {
    this.#lost ??= new RunError('connection-lost', `the connection to ${this.#detail.peer} was closed`, {
      host: this.#detail.host,
    });
    this.#login.close();
    this.#second?.then((second) => second.close()).catch(() => undefined);
    this.#notify(this.#lost);
  }

  /** Rejects on whatever ends the wait from outside: loss, timeout, abort. */
  #watch({ timeoutMs, signal }: RunOptions): Watch {
    let ended = false;
    const stops: (() => void)[] = [];
    const failure = new Promise<never>((_, fail) => {
      const end = (reason: unknown) => {
        ended = true;
        fail(reason);
      };
      if (timeoutMs !== undefined) {
        const message = `no end within ${timeoutMs / 1000} s; the script may still be running on the host`;
        const timer = setTimeout(() => end(this.#error('timeout', message)), timeoutMs);
        stops.push(() => clearTimeout(timer));
      }
      const onAbort = () => end(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#onLost.add(end);
      stops.push(
        () => signal?.removeEventListener('abort', onAbort),
        () => this.#onLost.delete(end),
      );
      if (this.#lost) end(this.#lost);
    });
    failure.catch(() => undefined);
    return {
      failure,
      isEnded: () => ended,
      stop: () => {
        for (const stop of stops) stop();
      },
    };
  }

  /** A session; undefined if the host allows no more while others run on this connection. */
  async #open(command: string): Promise<ClientChannel | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const channel = await new Promise<ClientChannel>((done, fail) => {
          // Throws if the connection is already gone.
          this.#login.client.exec(command, (error, opened) => (error ? fail(error) : done(opened)));
        });
        this.#sessions += 1;
        channel.once('close', () => {
          this.#sessions -= 1;
        });
        return channel;
      } catch (error) {
        const wait = this.#second === undefined ? openRetryMs[attempt] : undefined;
        const refused = (error as { reason?: unknown }).reason === openConnectFailed;
        if (this.#lost) throw this.#lost;
        if (refused && wait !== undefined) {
          await sleep(wait);
          continue;
        }
        if (refused && this.#sessions > 0) return undefined;
        throw this.#error(
          'connection-lost',
          `${this.#detail.peer} opens no session: ${(error as Error).message}`,
          error,
          refused ? 'look at MaxSessions in the sshd_config of the host' : undefined,
        );
      }
    }
  }

  /** The connection for parallel scripts if sshd's MaxSessions allows no more on this one. */
  async #besides(): Promise<Connection> {
    this.#second ??= this.#detail.again();
    try {
      const second = await this.#second;
      if (this.#lost) second.close();
      return second;
    } catch (error) {
      this.#second = undefined;
      throw this.#error(
        'connection-lost',
        `${this.#detail.peer} opens no second session on a connection, nor a second connection: ${(error as Error).message}`,
        error,
        'MaxSessions in the sshd_config of the host should be 2 or more',
      );
    }
  }

  #judge(outcome: Exchange, hadPassword: boolean): Omit<ScriptResult, 'durationMs'> {
    const { stdout, stderr } = outcome;
    if (outcome.exitCode !== undefined) return { exitCode: outcome.exitCode, stdout, stderr };
    if (outcome.begun && outcome.signal !== undefined) {
      return { exitCode: null, signal: outcome.signal, stdout, stderr };
    }
    if (
      outcome.processExit === undefined &&
      outcome.signal === undefined &&
      // If a shell printed something else and ended, its status may be lost: sshd sends it only if it is in time.
      (outcome.begun || outcome.noise.trim() === '') &&
      (outcome.ready || !this.#detail.become)
    ) {
      throw this.#error(
        'connection-lost',
        'the session ended before the script did; it may still be running on the host',
      );
    }
    if (this.#detail.become && !outcome.ready) {
      throw becomeError(this.#detail.host, this.#detail.user, stderr, hadPassword);
    }
    const end = outcome.processExit ?? outcome.signal;
    const status = end === undefined ? '' : ` (exit status ${end})`;
    if (outcome.begun) {
      throw this.#error(
        'protocol',
        `the shell on the host gave up on our script${status}: ${printable(stderr)}`,
      );
    }
    const instead = printable(outcome.noise) || printable(stderr) || 'nothing';
    throw this.#error(
      'protocol',
      `the host did not run our script${status}; it printed: ${instead}`,
      undefined,
      'the login shell must run the command it is given, and its start files must leave stdin alone',
    );
  }

  #error(
    code: 'timeout' | 'connection-lost' | 'protocol',
    message: string,
    cause?: unknown,
    hint?: string,
  ): RunError {
    return new RunError(code, message, { host: this.#detail.host, cause, hint });
  }

  #lose(cause: Error | undefined): void {
    const why = cause ? `: ${cause.message}` : '';
    this.#lost ??= this.#error(
      'connection-lost',
      `the connection to ${this.#detail.peer} was lost${why}`,
      cause,
    );
    this.#notify(this.#lost);
  }

  #notify(reason: RunError): void {
    for (const tell of [...this.#onLost]) tell(reason);
  }
}
