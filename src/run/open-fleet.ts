import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { HostPlan } from '../plan/host-plan.ts';
import { planHost, queriesOf } from '../plan/plan-host.ts';
import type { Connection, Transport } from '../transport/transport.ts';
import type { Emit, Trouble } from './events.ts';
import { inParallel } from './parallel.ts';
import { probe } from './probe.ts';
import { targetOf } from './target.ts';
import { troubleOf } from './trouble.ts';

/** A host that answered: its connection, what is known of it, and what would be done there. */
export interface FleetHost {
  readonly resolved: ResolvedHost;
  readonly connection: Connection;
  readonly facts: Facts;
  readonly plan: HostPlan;
}

export interface Fleet {
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
 * Connects to every host, probes and plans: one connection and one exec a host. Writes nothing anywhere. A host
 * that can't be reached or doesn't answer sensibly is `unreachable`; the others go on.
 */
export async function openFleet(hosts: readonly ResolvedHost[], options: FleetOptions): Promise<Fleet> {
  const unreachable = new Map<string, Trouble>();
  const diagnostics: Diagnostic[] = [];
  const opened = await inParallel(hosts, options.forks, async (resolved) => {
    const { name } = resolved.host;
    let connection: Connection | undefined;
    try {
      options.emit({ type: 'phase', host: name, phase: 'connect', state: 'begin' });
      connection = await options.transport.connect(targetOf(resolved.host), { signal: options.signal });
      options.emit({ type: 'phase', host: name, phase: 'connect', state: 'end' });
      options.emit({ type: 'phase', host: name, phase: 'probe', state: 'begin' });
      const facts = await probe(connection, name, queriesOf(resolved), options.signal);
      options.emit({ type: 'phase', host: name, phase: 'probe', state: 'end' });
      return { resolved, connection, facts };
    } catch (error) {
      connection?.close();
      const trouble = troubleOf(error);
      options.emit({ type: 'trouble', host: name, trouble });
      unreachable.set(name, trouble);
      return undefined;
    }
  });
  const planned = opened.flatMap((host) => {
    if (host === undefined) return [];
    const { plan, diagnostics: found } = planHost(host.resolved, host.facts);
    diagnostics.push(...found);
    return [{ ...host, plan }];
  });
  return { hosts: planned, unreachable, diagnostics };
}

export function closeFleet(fleet: Fleet): void {
  for (const { connection } of fleet.hosts) connection.close();
}
