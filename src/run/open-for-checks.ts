import type { Facts } from '../facts/fact.ts';
import { templateQueries } from '../facts/template-queries.ts';
import type { ResolvedPlay } from '../model/resolved.ts';
import type { Connection } from '../transport/transport.ts';
import type { CheckHost } from './check-fleet.ts';
import type { Trouble } from './events.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { probe } from './probe.ts';
import { troubleOf } from './trouble.ts';

export interface CheckedPlay {
  readonly play: ResolvedPlay;
  readonly hosts: readonly CheckHost[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
}

/** Connects to every host, and reads facts if the play can't be resolved without. The caller owns the connections. */
export async function openForChecks(
  first: ResolvedPlay,
  resolveWith: (facts: ReadonlyMap<string, Facts>) => ResolvedPlay,
  { transport, forks, emit, signal }: FleetOptions,
): Promise<CheckedPlay> {
  const unreachable = new Map<string, Trouble>();
  const connections = new Map<string, Connection>();
  const facts = new Map<string, Facts>();
  await inParallel(first.hosts, forks, async ({ host }) => {
    const { name } = host;
    try {
      emit({ type: 'phase', host: name, phase: 'connect', state: 'begin' });
      const connection = await transport.connect(host, { signal });
      connections.set(name, connection);
      if (first.needsFacts) facts.set(name, await probe(connection, name, templateQueries, signal));
      emit({ type: 'phase', host: name, phase: 'connect', state: 'end' });
    } catch (error) {
      connections.get(name)?.close();
      connections.delete(name);
      unreachable.set(name, troubleOf(error));
      emit({ type: 'trouble', host: name, trouble: troubleOf(error) });
    }
  });
  try {
    if (signal.aborted) throw signal.reason;
    const play = first.needsFacts ? resolveWith(facts) : first;
    const hosts = play.hosts.flatMap((resolved) => {
      const connection = connections.get(resolved.host.name);
      return connection === undefined ? [] : [{ resolved, connection }];
    });
    return { play, hosts, unreachable };
  } catch (error) {
    for (const connection of connections.values()) connection.close();
    throw error;
  }
}
