import { InvalidInput } from '../../diagnostics/errors.ts';
import { Facts } from '../../facts/fact.ts';
import type { ResolvedHost, ResolvedPlay } from '../../model/resolved.ts';
import { planPeers } from '../../plan/peers.ts';
import { stepQueriesOf } from '../../plan/plan-host.ts';
import { type PlannedHost, planHosts } from '../../plan/plan-hosts.ts';
import type { PlanOrigin } from '../../report/plan/plan-report.ts';
import type { Records } from '../../run/open-fleet.ts';
import { troublesOf } from '../../run/trouble.ts';
import { readFacts } from '../../saved/facts-folder.ts';
import { type LoadedPlay, resolveWith } from './load-play.ts';
import type { PeerOptions } from './options.ts';

/**
 * Plans without a connection: from the facts in a folder, or without any. Missing facts are unknown in the plans.
 * @throws InvalidInput if a facts file can't be used, or the play can't be resolved with the facts.
 */
export function planOffline(
  play: LoadedPlay,
  first: ResolvedPlay,
  folder: string | undefined,
  { includePeers = false, records }: PeerOptions & { readonly records?: Records } = {},
) {
  const { facts, origin } = folder === undefined ? nothing(first) : stored(folder, first);
  const resolved = first.needsFacts && folder !== undefined ? resolveWith(play, known(facts)).play : first;
  const knownHost = (host: ResolvedHost) => ({
    resolved: host,
    facts: facts.get(host.host.name) ?? new Facts(),
  });
  const { hosts, diagnostics, failed } = planHosts(
    resolved.hosts.map(knownHost),
    (host) => records?.complete(host) ?? host,
  );
  // Without facts, every peer would be unknown.
  const peers = folder === undefined ? [] : (resolved.peers?.hosts ?? []);
  const needed = planPeers(peers.map(knownHost), new Set(resolved.hosts.map(({ host }) => host.name))).filter(
    ({ need }) => need !== undefined,
  );
  const joining = includePeers ? needed : [];
  const planned = [...hosts, ...joining.map(({ peer }) => peer)];
  const complete = planned.every(isComplete);
  return {
    hosts: planned,
    diagnostics: [...diagnostics, ...joining.flatMap((one) => one.diagnostics)],
    checks: resolved.checks,
    unreachable: troublesOf(failed),
    peers: includePeers ? [] : needed.flatMap(({ need }) => need ?? []),
    origin: origin.from === 'facts' && complete ? { ...origin, complete } : origin,
  };
}

/** Whether all facts that a host's unknown steps need are there, so that what is unknown can't be read. */
function isComplete({ resolved, facts, plan }: PlannedHost): boolean {
  const unknown = new Set(plan.steps.flatMap(({ index, unknowns }) => (unknowns.length > 0 ? [index] : [])));
  const steps = resolved.steps.filter(({ step }) => unknown.has(step.index));
  return (
    (resolved.unresolved ?? []).length === 0 &&
    stepQueriesOf({ ...resolved, steps }).every((query) => facts.knows(query))
  );
}

interface Known {
  readonly facts: ReadonlyMap<string, Facts>;
  readonly origin: PlanOrigin;
}

function nothing({ hosts }: ResolvedPlay): Known {
  const none = new Facts(new Map(), () => 'nothing is known of the host');
  return { facts: new Map(hosts.map(({ host }) => [host.name, none])), origin: { from: 'nothing' } };
}

function stored(folder: string, { hosts, peers }: ResolvedPlay): Known {
  const { value, diagnostics } = readFacts(
    folder,
    [...hosts, ...(peers?.hosts ?? [])].map(({ host }) => host),
  );
  if (value === undefined) throw new InvalidInput(diagnostics);
  const { facts, missing, ...when } = value;
  return { facts, origin: { from: 'facts', folder, ...when } };
}

/** Templates for a host without saved facts have no facts, which makes its steps unknown and not wrong. */
function known(facts: ReadonlyMap<string, Facts>): Map<string, Facts> {
  return new Map([...facts].filter(([, one]) => one.states().size > 0));
}
