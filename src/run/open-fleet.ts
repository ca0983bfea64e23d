import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FactQuery, Facts } from '../facts/fact.ts';
import { hostRunsFact } from '../facts/host-runs.ts';
import { templateQueries } from '../facts/template-queries.ts';
import { lintQueries } from '../lint/lint-queries.ts';
import type { ResolvedCheck, ResolvedHost, ResolvedPlay } from '../model/resolved.ts';
import { guardCommands } from '../plan/guards.ts';
import { type PeerNeed, planPeers } from '../plan/peers.ts';
import { queriesOf } from '../plan/plan-host.ts';
import { type KnownHost, type PlannedHost, planHosts } from '../plan/plan-hosts.ts';
import type { Connection, HostTarget, Transport } from '../transport/transport.ts';
import { armedWarnings } from './armed.ts';
import type { Emit, Trouble } from './events.ts';
import { awaitFree } from './lock.ts';
import { inParallel } from './parallel.ts';
import { probe } from './probe.ts';
import { troubleOf, troublesOf } from './trouble.ts';

/** A host that answered: its connection, its facts, and its plan. */
export type FleetHost = ReadHost & PlannedHost;

export interface Fleet {
  /** What must hold between them before a run is confirmed. */
  readonly checks: readonly ResolvedCheck[];
  /** In the order of the play. */
  readonly hosts: readonly FleetHost[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
  /** What makes a host's plan impossible. */
  readonly diagnostics: readonly Diagnostic[];
  /** Unselected hosts that matter for tunnels of selected ones. */
  readonly peers: readonly PeerNeed[];
}

export interface FleetOptions {
  readonly transport: Transport;
  /** How many hosts are worked on in parallel. */
  readonly forks: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Seconds to wait for a host that another run has locked, before it is read. Default: none. */
  readonly wait?: number;
  /** Whether guard commands run on hosts; otherwise their answers are unknown. Default: yes. */
  readonly guards?: boolean;
}

/** What the records of runs add to hosts' facts. */
export interface Records {
  /** The facts needed for that. */
  queries(host: ResolvedHost): readonly FactQuery<unknown>[];
  /** The host with it. */
  complete<H extends KnownHost>(host: H): H;
}

/** The parts of a play that matter to hosts. */
export type FleetPlay = Pick<ResolvedPlay, 'hosts' | 'checks' | 'needsFacts' | 'peers'>;

/**
 * Connects to every host, probes and plans; also the peers, if the play has any. They are only read, unless
 * `includePeers` includes those that are needed. Writes nothing anywhere.
 */
export async function openFleet(
  play: FleetPlay,
  resolveWith: (facts: ReadonlyMap<string, Facts>) => FleetPlay,
  {
    includePeers = false,
    records,
    ...options
  }: FleetOptions & {
    readonly includePeers?: boolean;
    readonly records?: Records;
  },
): Promise<Fleet> {
  const {
    resolved,
    hosts: known,
    unreachable: silent,
  } = await readFleet(
    withPeers(play),
    (facts) => withPeers(resolveWith(facts)),
    options,
    (host) => [hostRunsFact, ...lintQueries, ...(records?.queries(host) ?? [])],
  );
  const readAt = new Date();
  const { play: now, peers } = resolved;
  const isPeer = ({ resolved: { host } }: ReadHost) => peers.has(host.name);
  const { hosts, diagnostics, failed } = planHosts(
    known.filter((host) => !isPeer(host)),
    (host) => records?.complete(host) ?? host,
  );
  const unreachable = new Map([...silent, ...giveUp(known, failed, options.emit)]);
  const looked = lookAtPeers(
    known.filter(isPeer),
    now,
    new Map([...unreachable].filter(([host]) => peers.has(host))),
  );
  if (!includePeers) {
    closeFleet({ hosts: known.filter(isPeer) });
    const ofChosen = new Map([...unreachable].filter(([host]) => !peers.has(host)));
    return {
      checks: now.checks,
      hosts,
      unreachable: ofChosen,
      diagnostics: [...armedWarnings(hosts, readAt), ...diagnostics],
      peers: looked.needs,
    };
  }
  for (const { peer, need } of looked.planned) if (need === undefined) peer.connection.close();
  const joining = looked.planned.filter(({ need }) => need !== undefined);
  const all = [...hosts, ...joining.map(({ peer }) => peer)];
  return {
    checks: checksAmong(now, new Set([...unreachable.keys(), ...all.map(({ plan }) => plan.host)])),
    hosts: all,
    unreachable,
    diagnostics: [
      ...armedWarnings(all, readAt),
      ...diagnostics,
      ...joining.flatMap((one) => one.diagnostics),
    ],
    // Errors are already among the diagnostics; left are peers that need all their steps.
    peers: looked.needs.filter(({ answer }) => answer === 'impossible'),
  };
}

/** Hosts with unusable facts are reported and dropped: the others are not affected. */
function giveUp(
  hosts: readonly ReadHost[],
  failed: ReadonlyMap<string, unknown>,
  emit: Emit,
): Map<string, Trouble> {
  closeFleet({ hosts: hosts.filter(({ resolved: { host } }) => failed.has(host.name)) });
  const troubles = troublesOf(failed);
  for (const [host, trouble] of troubles) emit({ type: 'trouble', host, trouble });
  return troubles;
}

function withPeers(play: FleetPlay) {
  const { hosts, needsFacts } = play.peers ?? { hosts: [], needsFacts: false };
  return {
    play,
    hosts: [...play.hosts, ...hosts],
    needsFacts: play.needsFacts || needsFacts,
    peers: new Set(hosts.map(({ host }) => host.name)),
  };
}

/** The peers that are needed, in the order of the play; unknown for unreachable ones. */
function lookAtPeers(
  known: readonly ReadHost[],
  { hosts, peers }: FleetPlay,
  unreachable: ReadonlyMap<string, Trouble>,
) {
  const planned = planPeers(known, new Set(hosts.map(({ host }) => host.name)));
  const byName = new Map(planned.map(({ peer, need }) => [peer.plan.host, need]));
  const needs = (peers?.hosts ?? []).flatMap(({ host: { name } }): PeerNeed[] => {
    const trouble = unreachable.get(name);
    if (trouble !== undefined)
      return [{ host: name, answer: 'unknown', tunnels: [], reasons: [trouble.message], unreachable: true }];
    const need = byName.get(name);
    return need === undefined ? [] : [need];
  });
  return { planned, needs };
}

/** The checks of a run that includes peers. */
function checksAmong({ checks, peers }: FleetPlay, hosts: ReadonlySet<string>): readonly ResolvedCheck[] {
  if (peers === undefined || peers.hosts.length === 0) return checks;
  return peers.checks.map(({ check, hosts: actions }) => ({
    check,
    hosts: new Map([...actions].filter(([host]) => hosts.has(host))),
  }));
}

/** The part of a play that a probe needs. */
interface Steps {
  readonly hosts: readonly ResolvedHost[];
  readonly needsFacts: boolean;
}

/** A host that answered. */
export interface ReadHost extends KnownHost {
  readonly connection: Connection;
}

/**
 * Connects to every host and reads all facts that its steps, and `also`, need: one connection and one exec per host,
 * one more exec if the steps can only be resolved with facts. Writes nothing anywhere. A host that can't be reached or
 * gives an invalid answer is `unreachable`; the others go on. The caller owns the connections.
 */
export async function readFleet<S extends Steps>(
  play: S,
  resolveWith: (facts: ReadonlyMap<string, Facts>) => S,
  options: FleetOptions,
  also: (host: ResolvedHost) => readonly FactQuery<unknown>[] = () => [],
): Promise<{ resolved: S; hosts: ReadHost[]; unreachable: ReadonlyMap<string, Trouble> }> {
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
        return { resolved: host, connection, facts: await probeHost(host, connection, also(host), options) };
      }),
    );
    const inOrder = [...resolved.hosts, ...play.hosts].flatMap(({ host: { name } }): [string, Trouble][] => {
      const trouble = unreachable.get(name);
      return trouble === undefined ? [] : [[name, trouble]];
    });
    return {
      resolved,
      hosts: known.filter((host) => host !== undefined),
      // In the order of the play, not in the order in which hosts failed.
      unreachable: new Map(inOrder),
    };
  } catch (error) {
    for (const connection of connections.values()) connection.close();
    throw error;
  }
}

export function closeFleet({ hosts }: { readonly hosts: readonly ReadHost[] }): void {
  for (const { connection } of hosts) connection.close();
}

async function connectTo(target: HostTarget, options: FleetOptions): Promise<Connection> {
  const { emit, transport, signal, wait = 0 } = options;
  const host = target.name;
  emit({ type: 'phase', host, phase: 'connect', state: 'begin' });
  const connection = await transport.connect(target, { signal });
  if (wait > 0) await awaitFree(host, connection, Date.now() + wait * 1000, options);
  emit({ type: 'phase', host, phase: 'connect', state: 'end' });
  return connection;
}

async function probeHost(
  resolved: ResolvedHost,
  connection: Connection,
  also: readonly FactQuery<unknown>[],
  { emit, signal, guards = true }: FleetOptions,
): Promise<Facts> {
  const host = resolved.host.name;
  emit({ type: 'phase', host, phase: 'probe', state: 'begin' });
  const queries = [...queriesOf(resolved), ...also];
  const left = guards ? [] : queries.filter((query) => guardCommands([query]).length > 0);
  const asked = queries.filter((query) => !left.includes(query));
  const facts = await probe(connection, host, asked, signal);
  emit({ type: 'phase', host, phase: 'probe', state: 'end' });
  return left.reduce((known, query) => known.without(query, 'guards are not run (--no-guards)'), facts);
}
