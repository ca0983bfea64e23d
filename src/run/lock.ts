import { RunError } from '../diagnostics/errors.ts';
import { lockScript } from '../transaction/host-scripts.ts';
import type { Connection } from '../transport/transport.ts';
import type { Emit } from './events.ts';

/** How often a locked host is asked, with a random part so that two waiting runs don't keep colliding. */
const pauseMs = 1000;
const spreadMs = 1000;
const answerMs = 10_000;

/**
 * The meaning of a script's exit status and output for the host's lock: see `locking` in `transaction/control.ts`.
 */
export function lockedError(host: string, status: number | null, said: string): RunError | undefined {
  if (status !== 9 && status !== 8) return undefined;
  const [, run, holder] = /^run (\S+) holds this host: (.*)$/m.exec(said) ?? [];
  if (run === undefined)
    return new RunError('locked', 'another meshbook is busy on this host', {
      host,
      hint: 'try again; --wait 5m waits for it',
    });
  return new RunError('locked', `run ${run} holds this host (${holder})`, {
    host,
    hint: `--wait 5m waits for it; if meshbook has died on that run's controller, run there: meshbook recover ${run}; without that, an armed host undoes the run at its deadline`,
  });
}

/**
 * Waits until no run other than `runs` has locked the host, and reports it once. Ends at `until` (milliseconds) at the
 * latest, free or not: the next attempt to lock then reports the holder. Holds no lock itself, so that two runs never
 * wait for each other.
 */
export async function awaitFree(
  host: string,
  connection: Connection,
  until: number,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
  runs: readonly string[] = [],
): Promise<void> {
  for (let told = false; Date.now() < until && !signal.aborted; told = true) {
    const { exitCode, stderr } = await connection.run(lockScript(runs).text, { timeoutMs: answerMs, signal });
    const locked = lockedError(host, exitCode, stderr);
    if (locked === undefined) return;
    const seconds = Math.round((until - Date.now()) / 1000);
    if (!told) emit({ type: 'notice', host, message: `${locked.message}; waiting, ${seconds} s at most` });
    await pause();
  }
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMs + Math.random() * spreadMs));
}
