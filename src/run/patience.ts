import { RunError, type RunErrorCode } from '../diagnostics/errors.ts';
import type { Connection, HostTarget, Transport } from '../transport/transport.ts';
import type { Emit } from './events.ts';
import { hostWords } from './failure.ts';

/** How long an unresponsive host is retried during a run; after that, once for each request. */
const patienceMs = 30_000;
const pauseMs = 1000;
/** How often a connection is checked for silence. */
const listenMs = 2000;
/** For a question that is answered at once. */
const answerMs = 10_000;

/** The controller's conversation with a host during a run. */
export interface HostSession {
  readonly target: HostTarget;
  readonly transport: Transport;
  connection: Connection;
  /** Reports that the host stops answering, and that it answers again. */
  readonly emit?: Emit;
  /** When the host was last heard, if it is silent now, in milliseconds; undefined if all is well. */
  silentSince?: number | undefined;
  /** Since when there is no connection to extend its deadline. */
  disconnectedSince?: number | undefined;
  /** How often it was reconnected. */
  losses?: number;
}

/** Maximum lost connections of a host during a run: more than on a bad network. */
const mostLosses = 100;

/** The host has answered: the full waiting time applies again. */
export function markAnswered(host: HostSession): void {
  host.silentSince = undefined;
}

/**
 * Reconnects, with at least one attempt. @throws `lost`, or the error of the last attempt, when the waiting time is
 * over.
 */
export async function reconnect(host: HostSession, lost?: RunError): Promise<void> {
  host.connection.close();
  host.losses = (host.losses ?? 0) + 1;
  if (host.losses > mostLosses)
    throw new RunError('connection-lost', `the connection was lost ${mostLosses} times in this run`, {
      host: host.target.name,
    });
  host.silentSince ??= Date.now();
  host.disconnectedSince ??= Date.now();
  const notice = (message: string) => host.emit?.({ type: 'notice', host: host.target.name, message });
  const seconds = patienceMs / 1000;
  if (lost !== undefined) notice(`${lost.message}; trying again, for ${seconds} s`);
  for (let tries = 1; ; tries++) {
    try {
      host.connection = await host.transport.connect(host.target);
      host.disconnectedSince = undefined;
      if (lost !== undefined || tries > 1) notice('connected again');
      return;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      if (givenUp(host)) throw lost ?? error;
      if (lost === undefined && tries === 1) notice(`${error.message}; trying again, for ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Does something repeatable: over a new connection if the old one breaks off. */
export async function withRetry<T>(
  host: HostSession,
  work: () => Promise<T>,
  lost: readonly RunErrorCode[] = ['connection-lost'],
): Promise<T> {
  for (let again = false; ; again = true) {
    const stopListening = listen(host);
    try {
      const result = await work();
      markAnswered(host);
      return result;
    } catch (error) {
      if (!(error instanceof RunError && lost.includes(error.code)) || (again && givenUp(host))) throw error;
      await reconnect(host, error);
    } finally {
      stopListening();
    }
  }
}

/** Reports when a connection has been silent for longer than its keepalive interval, and when it is not any more. */
function listen(host: HostSession): () => void {
  let told = false;
  const timer = setInterval(() => {
    const silent = host.connection.silentSeconds?.() ?? 0;
    if (told === silent > 0) return;
    told = silent > 0;
    const message = told
      ? `nothing was heard for ${silent} s; the connection may be lost`
      : 'the connection answers again';
    host.emit?.({ type: 'notice', host: host.target.name, message });
  }, listenMs);
  return () => clearInterval(timer);
}

/** The output of a repeatable script. @throws RunError `state` with its output if it fails. */
export function ask(host: HostSession, script: string): Promise<string> {
  const work = async () => {
    const { exitCode, stdout, stderr } = await host.connection.run(script, { timeoutMs: answerMs });
    if (exitCode === 0) return stdout;
    throw new RunError('state', hostWords(stderr) || `status ${exitCode}`, {
      host: host.target.name,
    });
  };
  return withRetry(host, work, ['connection-lost', 'timeout']);
}

/** Whether the connection to the host failed. */
export function isLost({ code }: { readonly code: string }): boolean {
  return ['connection-lost', 'connect-failed', 'connect-timeout', 'timeout'].includes(code);
}

function givenUp({ silentSince }: HostSession): boolean {
  return silentSince !== undefined && Date.now() - silentSince > patienceMs;
}
