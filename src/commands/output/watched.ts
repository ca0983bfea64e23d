import { unknownChecksText } from '../../report/run/check-unknown.ts';
import { jsonReporter } from '../../report/run/json-reporter.ts';
import { liveReporter } from '../../report/run/live-reporter.ts';
import { plainReporter } from '../../report/run/plain-reporter.ts';
import { recapText } from '../../report/run/recap.ts';
import type { Reporter } from '../../report/run/reporter.ts';
import type { Emit, RunEvent } from '../../run/events.ts';
import { withoutSecretWords } from '../../secrets/words.ts';
import type { Io } from './io.ts';

interface WatchOptions {
  /** As JSON lines, without a recap. */
  readonly json?: boolean;
}

/** Shows work in progress: live on a terminal, otherwise as lines, or as JSON; a run ends with its recap. */
export async function watched<T>(
  options: WatchOptions,
  steps: readonly string[],
  io: Io,
  work: (emit: Emit) => Promise<T>,
): Promise<T> {
  const reporter = reporterFor(options.json ?? false, steps, io);
  io.reporter = reporter;
  const unknown: Extract<RunEvent, { type: 'check' }>[] = [];
  let finished: Extract<RunEvent, { type: 'run-finished' }> | undefined;
  try {
    return await work((told) => {
      const event = withoutSecretWords(told);
      if (event.type === 'run-finished') finished = event;
      if (event.type === 'check' && event.state === 'unknown') unknown.push(event);
      reporter.handle(event);
    });
  } finally {
    io.reporter = undefined;
    await reporter.close();
    if (finished && !options.json) {
      io.out(unknownChecksText(unknown, io.terminal));
      io.out(recapText(finished, { ...io.terminal, shown: !io.terminal.interactive }));
    }
  }
}

/** For work of which only the result is printed: shows its progress on a terminal, if `wanted`; nothing elsewhere. */
export function watchedLive<T>(wanted: boolean, io: Io, work: (emit: Emit) => Promise<T>): Promise<T> {
  return wanted && io.terminal.interactive ? watched({}, [], io, work) : work(() => {});
}

function reporterFor(json: boolean, steps: readonly string[], io: Io): Reporter {
  if (json) return jsonReporter(io.out);
  if (io.terminal.interactive) return liveReporter(io.stdout, { color: io.terminal.color, steps });
  return plainReporter(io.out);
}
