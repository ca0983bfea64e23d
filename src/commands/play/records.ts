import { resolve } from 'node:path';
import { isArmedStage } from '../../changes/stage.ts';
import { osFact } from '../../facts/os.ts';
import { Journal, type StageInForce } from '../../journal/journal.ts';
import type { HostRecord } from '../../journal/record.ts';
import { tidy } from '../../json/records.ts';
import type { ResolvedHost, ResolvedPlay } from '../../model/resolved.ts';
import type { Host } from '../../model/types.ts';
import { givenAddresses } from '../../plan/given.ts';
import { leftOverQueries, leftOversOf } from '../../plan/left-over.ts';
import type { LeftOverQuestion } from '../../plan/left-over-types.ts';
import type { RunInForce } from '../../plan/owner.ts';
import type { KnownHost } from '../../plan/plan-hosts.ts';
import { removalName, removalStep } from '../../plan/removal.ts';
import type { FormerHost } from '../../report/plan/plan-report.ts';
import { groupBy } from '../../report/text/group.ts';
import { areAllChosen } from '../../resolve/chosen-steps.ts';
import type { Records } from '../../run/open-fleet.ts';
import { isReachedAt } from '../../run/same-host.ts';
import type { LoadedPlay } from './load-play.ts';
import type { ConnectOptions, PlayOptions } from './options.ts';

type Options = Pick<ConnectOptions, 'stateDir'> &
  Pick<PlayOptions, 'tags' | 'skipTags' | 'limit'> & { readonly prune?: boolean };

/** This controller's records of a play's hosts. */
export interface PlayRecords extends Records {
  /** For every host that answers: what to look for as left over. */
  question(host: ResolvedHost): LeftOverQuestion;
  /**
   * Hosts that are no longer in the playbook; empty if only some hosts are selected. A host with a new name that is
   * recognised by its address or its machine id isn't one.
   */
  formerHosts(play: ResolvedPlay, known: readonly KnownHost[]): FormerHost[];
}

/**
 * Reads the records of runs in force. Objects without a step are known only if all steps are: with tags, or with steps
 * that depend on unknown facts, nothing is left over and no address counts as given.
 */
export function recordsFor({ playbook, inventory }: LoadedPlay, options: Options): PlayRecords {
  const path = resolve(playbook.path);
  const standing = [...new Journal(options.stateDir).standing().values()].flat();
  const isHost = ({ run, target }: StageInForce, host: Host) =>
    // The same address in another inventory may be another machine.
    isReachedAt(target, host) && (target.name === host.name || run.inventory === resolve(inventory.path));
  const runsOn = (host: Host): RunInForce[] =>
    standing
      .filter((stage) => isHost(stage, host))
      .sort((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1))
      .map(({ run, target, kept }) =>
        tidy({
          run: run.id,
          at: run.startedAt,
          user: run.user,
          playbook: run.playbook,
          kept,
          commands: commandsOf(run.hosts[target.name]),
        }),
      );
  const question = (host: ResolvedHost) => ({ host, runs: runsOn(host.host), playbook: path });
  const isWhole = ({ unresolved = [] }: ResolvedHost) =>
    unresolved.length === 0 && areAllChosen(playbook, options);
  return {
    question,
    queries: (host) => (isWhole(host) ? leftOverQueries(question(host)) : []),
    complete: (known) => (isWhole(known.resolved) ? complete(known, question(known.resolved)) : known),
    formerHosts: ({ hosts }, known) => {
      if (options.limit !== undefined) return [];
      const machines = new Set(known.flatMap(({ facts }) => facts.find(osFact)?.machine ?? []));
      const isThere = ({ run, target }: StageInForce) => {
        const machine = run.hosts[target.name]?.machine;
        return (
          (machine !== undefined && machines.has(machine)) ||
          hosts.some(({ host }) => isReachedAt(target, host))
        );
      };
      const former = standing.filter((stage) => stage.run.playbook === path && !isThere(stage));
      return groupBy(former, ({ target }) => target.name).map((stages) => ({
        host: stages[0].target.name,
        run: (stages.at(-1) ?? stages[0]).run.id,
        runs: stages.length,
      }));
    },
  };

  function complete<H extends KnownHost>(known: H, asked: LeftOverQuestion): H {
    if (!asked.runs.some((run) => run.playbook === path)) return known;
    const given = givenAddresses(asked);
    const leftOver = leftOversOf(asked, known.facts).filter(({ certain }) => certain);
    const removals = new Map(
      leftOver.flatMap(({ removal }) => (removal ? [[JSON.stringify(removal), removal]] : [])),
    );
    const steps = options.prune
      ? [...removals.values()].map((removal) => removalStep(removal, playbook.steps.length, playbook.path))
      : [];
    const { resolved } = known;
    return {
      ...known,
      leftOver,
      resolved: {
        ...resolved,
        ...(given.length === 0 ? {} : { given }),
        steps: [...steps, ...resolved.steps],
      },
    };
  }
}

/** The names of a play's steps by index, including the one that prunes. */
export function stepNames({ playbook }: LoadedPlay, { prune }: Pick<Options, 'prune'>): string[] {
  return [...playbook.steps.map(({ name }) => name), ...(prune ? [removalName] : [])];
}

/** The commands of a host in a run, as parts of the host, each with whether it ran. */
function commandsOf(host: HostRecord | undefined): ReadonlyMap<string, boolean> {
  const { outcome, notRun = [] } = host?.result ?? {};
  // For a run that broke off, nobody knows how far it got.
  if (host === undefined || (outcome !== 'changed' && outcome !== 'armed')) return new Map();
  const items = host.stages.flatMap(({ name, items: own }) =>
    isArmedStage(name) ? Object.entries(own) : [],
  );
  return new Map(
    items.flatMap(([id, { summary }]) =>
      summary.startsWith('run ') ? [[summary.slice('run '.length), !notRun.includes(id)] as const] : [],
    ),
  );
}
