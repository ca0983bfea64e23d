import { exitCodes } from '../diagnostics/errors.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import type { Facts } from '../facts/fact.ts';
import { savable } from '../facts/secrets.ts';
import type { ResolvedHost, ResolvedPlay } from '../model/resolved.ts';
import { hostByHost } from '../plan/host-by-host.ts';
import { queriesOf } from '../plan/plan-host.ts';
import { usualQueries } from '../plan/usual-queries.ts';
import { count } from '../report/text/host-names.ts';
import { painter } from '../report/text/paint.ts';
import { troublesText } from '../report/text/trouble-text.ts';
import type { Emit } from '../run/events.ts';
import { closeFleet, readFleet } from '../run/open-fleet.ts';
import { troublesOf } from '../run/trouble.ts';
import { writeFacts } from '../saved/facts-folder.ts';
import type { Io } from './output/io.ts';
import { version } from './output/version.ts';
import { watchedLive } from './output/watched.ts';
import { hostsOfInventory } from './play/hosts-of-inventory.ts';
import { loadPlay, mustResolve, resolveWith } from './play/load-play.ts';
import { transportFor } from './play/open-play.ts';
import type { ConnectOptions, PlayOptions } from './play/options.ts';

export interface FactsOptions extends Omit<PlayOptions, 'tags' | 'skipTags'>, ConnectOptions {
  /** The folder to write to. */
  readonly output: string;
  /** Whether guards may run on hosts. */
  readonly guards?: boolean;
}

/** `meshbook facts`: saves the facts of hosts, so that `plan --facts` needs no connection. */
export async function facts(playbooks: readonly string[], options: FactsOptions, io: Io): Promise<number> {
  const plays = await Promise.all(
    playbooks.map((path) => loadPlay(path, { ...options, tags: [], skipTags: [] })),
  );
  const first = together(
    plays.map((play) => mustResolve(play, io).play),
    options,
  );
  const transport = transportFor(options, io);
  try {
    const later = (known: ReadonlyMap<string, Facts>) =>
      together(
        plays.map((play) => resolveWith(play, known).play),
        options,
      );
    const readAt = new Date().toISOString();
    const read = (emit: Emit) =>
      readFleet(
        first,
        later,
        { transport, forks: options.forks, emit, signal: io.signal, guards: options.guards ?? true },
        () => usualQueries,
      );
    const fleet = await watchedLive(true, io, read);
    closeFleet(fleet);
    const { done, failed } = hostByHost(fleet.hosts, ({ resolved, facts: known }) => {
      const { name: host, address } = resolved.host;
      const stored = savable(known, [...usualQueries, ...queriesOf(resolved)]);
      return { host, address, readAt, meshbook: version, facts: stored };
    });
    for (const stored of done) await writeFacts(options.output, stored);
    const unreachable = new Map([...fleet.unreachable, ...troublesOf(failed)]);
    io.out(`Facts of ${count(done.length, 'host')} are in ${escapeControl(options.output)}.\n`);
    const paint = painter(io.errTerminal.color);
    const lines = troublesText(unreachable, { paint, width: io.errTerminal.width, indent: 0 });
    io.err(lines.map((line) => `${line}\n`).join(''));
    return unreachable.size > 0 ? exitCodes.unreachable : exitCodes.done;
  } finally {
    transport.close();
  }
}

/** The hosts of all plays, each once with the steps of all; without plays, the inventory's hosts without steps. */
function together(
  plays: readonly ResolvedPlay[],
  options: FactsOptions,
): { hosts: ResolvedHost[]; needsFacts: boolean } {
  if (plays.length === 0) {
    const hosts = hostsOfInventory(options).map((host) => ({ host, overlays: new Map(), steps: [] }));
    return { hosts, needsFacts: false };
  }
  const hosts = new Map<string, ResolvedHost>();
  for (const own of plays.flatMap((play) => play.hosts)) {
    const { overlays, steps } = hosts.get(own.host.name) ?? { overlays: [], steps: [] };
    hosts.set(own.host.name, {
      host: own.host,
      overlays: new Map([...overlays, ...own.overlays]),
      steps: [...steps, ...own.steps],
    });
  }
  return { hosts: [...hosts.values()], needsFacts: plays.some(({ needsFacts }) => needsFacts) };
}
