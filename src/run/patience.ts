import { RunError, type RunErrorCode } from '../diagnostics/errors.ts';
import type { Connection, HostTarget, Transport } from '../transport/transport.ts';
import type { Emit } from './events.ts';
import { hostWords } from './failure.ts';

/** For how long a host that doesn't answer is tried again in a run; from then on, once for each thing. */
const patienceMs = 30_000;
const pauseMs = 1000;
/** How often it is looked at whether a connection is silent. */
const listenMs = 2000;
/** For a question that is answered at once. */
const answerMs = 10_000;

/** A host that is talked to all through a run. */
export interface Talk {
  readonly target: HostTarget;
  readonly transport: Transport;
  connection: Connection;
  /** Where it is told that the host doesn't answer, and that it does again. */
  readonly emit?: Emit;
  /** Since when nothing was heard of it, in milliseconds; absent when all is well. */
  deafSince?: number | undefined;
  /** Since when there is no connection by which its deadline could be put off. */
  apartSince?: number | undefined;
  /** How often it was connected to anew. */
  losses?: number;
}

/** How often the connections of a host may be lost in a run: more often than a bad network does it. */
const mostLosses = 100;

/** Something was heard of the host: from here on it has all our patience again. */
export function heard(host: Talk): void {
  host.deafSince = undefined;
}

/** Connects anew, once at least. @throws `lost`, or why the last try failed, when the patience is at its end. */
export async function reconnect(host: Talk, lost?: RunError): Promise<void> {
  host.connection.close();
  host.losses = (host.losses ?? 0) + 1;
  if (host.losses > mostLosses)
    throw new RunError('connection-lost', `the connection was lost ${mostLosses} times in this run`, {
      host: host.target.name,
    });
  host.deafSince ??= Date.now();
  host.apartSince ??= Date.now();
  const notice = (message: string) => host.emit?.({ type: 'notice', host: host.target.name, message });
  const seconds = patienceMs / 1000;
  if (lost !== undefined) notice(`${lost.message}; trying again, for ${seconds} s`);
  for (let tries = 1; ; tries++) {
    try {
      host.connection = await host.transport.connect(host.target);
      host.apartSince = undefined;
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

/** Does something that may be done any number of times: over a new connection, where the old one is lost on the way. */
export async function patiently<T>(
  host: Talk,
  work: () => Promise<T>,
  lost: readonly RunErrorCode[] = ['connection-lost'],
): Promise<T> {
  for (let again = false; ; again = true) {
    const stopListening = listen(host);
    try {
      const result = await work();
      heard(host);
      return result;
    } catch (error) {
      if (!(error instanceof RunError && lost.includes(error.code)) || (again && givenUp(host))) throw error;
      await reconnect(host, error);
    } finally {
      stopListening();
    }
  }
}

/** Tells it when a connection has been silent for longer than its keepalives are apart, and when it is no longer. */
function listen(host: Talk): () => void {
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

/** What a script printed that may be run any number of times. @throws RunError `state`, with what it said, when it fails. */
export function ask(host: Talk, script: string): Promise<string> {
  const work = async () => {
    const { exitCode, stdout, stderr } = await host.connection.run(script, { timeoutMs: answerMs });
    if (exitCode === 0) return stdout;
    throw new RunError('state', hostWords(stderr) || `status ${exitCode}`, {
      host: host.target.name,
    });
  };
  return patiently(host, work, ['connection-lost', 'timeout']);
}

/** Whether it was the way to the host that failed. */
export function isLost({ code }: { readonly code: string }): boolean {
  return ['connection-lost', 'connect-failed', 'connect-timeout', 'timeout'].includes(code);
}

function givenUp({ deafSince }: Talk): boolean {
  return deafSince !== undefined && Date.now() - deafSince > patienceMs;
}
