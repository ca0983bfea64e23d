import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import { templateQueries } from '../facts/template-queries.ts';
import type { ResolvedCheck, ResolvedHost, ResolvedPlay } from '../model/resolved.ts';
import { queriesOf } from '../plan/plan-host.ts';
import { type PlannedHost, planHosts } from '../plan/plan-hosts.ts';
import type { Connection, HostTarget, Transport } from '../transport/transport.ts';
import type { Emit, Trouble } from './events.ts';
import { inParallel } from './parallel.ts';
import { probe } from './probe.ts';
import { troubleOf } from './trouble.ts';

/** A host that answered: its connection, what is known of it, and what would be done there. */
export interface FleetHost extends PlannedHost {
  readonly connection: Connection;
}

export interface Fleet {
  /** What must hold between them before a run is confirmed. */
  readonly checks: readonly ResolvedCheck[];
  /** In the play's order. */
  readonly hosts: readonly FleetHost[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
  /** What makes a host's plan impossible. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface FleetOptions {
  readonly transport: Transport;
  /** How many hosts are worked on at once. */
  readonly forks: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Connects to every host, probes and plans: one connection and one exec a host, one more exec where the play
 * can only be resolved with facts. Writes nothing anywhere. A host that can't be reached or doesn't answer
 * sensibly is `unreachable`; the others go on.
 */
export async function openFleet(
  play: ResolvedPlay,
  resolveWith: (facts: ReadonlyMap<string, Facts>) => ResolvedPlay,
  options: FleetOptions,
): Promise<Fleet> {
  const unreachable = new Map<string, Trouble>();
  const connections = new Map<string, Connection>();
  const attempt = async <T>(host: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (unreachable.has(host)) return undefined;
    try {
      return await work();
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason;
      const trouble = troubleOf(error);
      connections.get(host)?.close();
      unreachable.set(host, trouble);
      options.emit({ type: 'trouble', host, trouble });
      return undefined;
    }
  };
  const connect = async (target: HostTarget) => {
    const connection = connections.get(target.name) ?? (await connectTo(target, options));
    connections.set(target.name, connection);
    return connection;
  };

  try {
    let resolved = play;
    if (play.needsFacts) {
      const facts = new Map<string, Facts>();
      await inParallel(play.hosts, options.forks, ({ host }) =>
        attempt(host.name, async () => {
          facts.set(host.name, await probe(await connect(host), host.name, templateQueries, options.signal));
        }),
      );
      resolved = resolveWith(facts);
    }
    const known = await inParallel(resolved.hosts, options.forks, (host) =>
      attempt(host.host.name, async () => {
        const connection = await connect(host.host);
        return { resolved: host, connection, facts: await probeHost(host, connection, options) };
      }),
    );
    const { hosts, diagnostics } = planHosts(known.filter((host) => host !== undefined));
    return { checks: resolved.checks, hosts, unreachable, diagnostics };
  } catch (error) {
    for (const connection of connections.values()) connection.close();
    throw error;
  }
}

export function closeFleet(fleet: Fleet): void {
  for (const { connection } of fleet.hosts) connection.close();
}

async function connectTo(target: HostTarget, { emit, transport, signal }: FleetOptions): Promise<Connection> {
  const host = target.name;
  emit({ type: 'phase', host, phase: 'connect', state: 'begin' });
  const connection = await transport.connect(target, { signal });
  emit({ type: 'phase', host, phase: 'connect', state: 'end' });
  return connection;
}

async function probeHost(
  resolved: ResolvedHost,
  connection: Connection,
  { emit, signal }: FleetOptions,
): Promise<Facts> {
  const host = resolved.host.name;
  emit({ type: 'phase', host, phase: 'probe', state: 'begin' });
  const facts = await probe(connection, host, queriesOf(resolved), signal);
  emit({ type: 'phase', host, phase: 'probe', state: 'end' });
  return facts;
}
