import { InvalidInput } from '../diagnostics/errors.ts';
import { Facts } from '../facts/fact.ts';
import type { ResolvedPlay } from '../model/resolved.ts';
import { planHosts } from '../plan/plan-hosts.ts';
import type { PlanOrigin } from '../report/plan-report.ts';
import { readFacts } from '../saved/facts-folder.ts';
import { type LoadedPlay, resolveWith } from './load-play.ts';

/**
 * Plans without any connection: with the facts in a folder, or without a folder from nothing. What isn't known is
 * unknown in the plans.
 * @throws InvalidInput when a file of facts can't be used, or the play can't be resolved with what is in them.
 */
export function planOffline(play: LoadedPlay, first: ResolvedPlay, folder: string | undefined) {
  const { facts, origin } = folder === undefined ? nothing(first) : stored(folder, first);
  const resolved = first.needsFacts && folder !== undefined ? resolveWith(play, known(facts)).play : first;
  const planned = planHosts(
    resolved.hosts.map((host) => ({ resolved: host, facts: facts.get(host.host.name) ?? new Facts() })),
  );
  return { ...planned, checks: resolved.checks, unreachable: new Map(), origin };
}

interface Known {
  readonly facts: ReadonlyMap<string, Facts>;
  readonly origin: PlanOrigin;
}

function nothing({ hosts }: ResolvedPlay): Known {
  const none = new Facts(new Map(), () => 'nothing is known of the host');
  return { facts: new Map(hosts.map(({ host }) => [host.name, none])), origin: { from: 'nothing' } };
}

function stored(folder: string, { hosts }: ResolvedPlay): Known {
  const { value, diagnostics } = readFacts(
    folder,
    hosts.map(({ host }) => host.name),
  );
  if (value === undefined) throw new InvalidInput(diagnostics);
  const { facts, missing, ...when } = value;
  return { facts, origin: { from: 'facts', folder, ...when } };
}

/** Templates of a host of which nothing is stored have no facts, which makes its steps unknown and not wrong. */
function known(facts: ReadonlyMap<string, Facts>): Map<string, Facts> {
  return new Map([...facts].filter(([, one]) => one.states().size > 0));
}
