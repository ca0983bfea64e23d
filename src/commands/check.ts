import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import type { ResolvedPlay } from '../model/resolved.ts';
import { type CheckReport, checkJson, checkText } from '../report/run/check-text.ts';
import { jsonText } from '../report/text/json-text.ts';
import { checkFleet } from '../run/check-fleet.ts';
import type { Emit } from '../run/events.ts';
import { openForChecks } from '../run/open-for-checks.ts';
import { withoutSecretWords } from '../secrets/words.ts';
import type { Io } from './output/io.ts';
import { watchedLive } from './output/watched.ts';
import { type LoadedPlay, loadPlay, mustResolve, resolveWith } from './play/load-play.ts';
import { transportFor } from './play/open-play.ts';
import type { ConnectOptions, PlayOptions } from './play/options.ts';

export interface CheckOptions extends PlayOptions, ConnectOptions {
  readonly json?: boolean;
}

/** `meshbook check`: runs a playbook's checks on the hosts as they are. Succeeds only if every check has passed. */
export async function check(playbook: string, options: CheckOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options);
  const { play: first } = mustResolve(play, io);
  if (first.checks.length === 0) throw withoutChecks(play);
  const transport = transportFor(options, io);
  try {
    const make = (emit: Emit) =>
      makeChecks(play, first, { transport, forks: options.forks, signal: io.signal, emit });
    const { checks, ...found } = await watchedLive(options.json !== true, io, make);
    const report = { checks, ...withoutSecretWords(found) };
    if (io.signal.aborted) throw io.signal.reason;
    io.out(options.json ? `${jsonText(checkJson(report), 2)}\n` : checkText(report, io.terminal));
    return exitCodeOf(report);
  } finally {
    transport.close();
  }
}

async function makeChecks(
  play: LoadedPlay,
  first: ResolvedPlay,
  options: Parameters<typeof openForChecks>[2],
): Promise<CheckReport> {
  const open = await openForChecks(first, (facts) => resolveWith(play, facts).play, options);
  try {
    const { results, troubles } = await checkFleet(open.play.checks, open.hosts, options);
    const { name } = play.playbook;
    return { play: name, checks: open.play.checks, results, troubles, unreachable: open.unreachable };
  } finally {
    for (const { connection } of open.hosts) connection.close();
  }
}

/** An unknown result has not passed. */
function exitCodeOf({ results, troubles, unreachable }: CheckReport): number {
  if (troubles.size > 0 || results.some(({ state }) => state !== 'ok')) return exitCodes.failed;
  return unreachable.size > 0 ? exitCodes.unreachable : exitCodes.done;
}

function withoutChecks({ playbook }: LoadedPlay): InvalidInput {
  return new InvalidInput([
    {
      severity: 'error',
      code: 'no-checks',
      message: 'the playbook has no checks',
      range: playbook.hostsAt,
      hint: "write them under 'checks'",
    },
  ]);
}
