import { isDeepStrictEqual } from 'node:util';
import type { ChangeBase, Part, Parts } from '../changes/change.ts';
import { marks, recheckOf } from '../changes/registry.ts';
import { linuxBridge } from '../changes/trace.ts';
import { dockerFact } from '../facts/docker/docker.ts';
import { dropInPath } from '../facts/docker/files.ts';
import { type FactQuery, type Facts, orUnknown, UnknownFact } from '../facts/fact.ts';
import type { Described } from '../kinds/described.ts';
import { thingsOf } from '../lint/things.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { dockerOn } from './docker-on.ts';
import type { LeftOver, LeftOverQuestion } from './left-over-types.ts';
import { lastSet, ownerOf } from './owner.ts';
import { planHost, queriesOf } from './plan-host.ts';
import { removalRank, removalStep, removedBy } from './removal.ts';
import { namedBySteps, type StepNames } from './step-names.ts';
import { type Unnamed, unnamedOnRecord, unnamedWithMark } from './unnamed.ts';
import { type JudgedLeftOver, usedByStaying } from './used-by-staying.ts';

/** The facts needed to tell which recorded objects are left over on a host. May contain duplicates. */
export function leftOverQueries(question: LeftOverQuestion): FactQuery<unknown>[] {
  const { found, marked } = unnamedOnRecord(question, namedBySteps(question.host));
  const steps = found.flatMap(({ removal }) => (removal === undefined ? [] : [removalStep(removal, 0, '')]));
  return [
    ...found.flatMap(({ change }) => [...(recheckOf(change)?.queries(change) ?? [])]),
    ...(steps.length === 0 ? [] : queriesOf({ ...question.host, steps })),
    ...(found.some(({ trace }) => linuxBridge(trace) !== undefined) ? [dockerFact] : []),
    ...[...marked].flatMap((type) => marks.get(type)?.queries ?? []),
  ];
}

/**
 * What runs of the playbook made and no step names, and what else has meshbook's mark; in an order in which it can be
 * removed. What someone has changed since, and what others use, stays; what steps take over, such as tunnels of a
 * renamed overlay, isn't left over. Pure.
 */
export function leftOversOf(question: LeftOverQuestion, facts: Facts): LeftOver[] {
  const said = namedBySteps(question.host);
  const { found } = unnamedOnRecord(question, said);
  const marked = notTakenOver(unnamedWithMark(facts, said), question.host, said, facts);
  const alone = { ...question, facts, set: lastSet(question.runs), left: undefined, gone: new Set<string>() };
  const judge = {
    ...alone,
    left: bridgeThatDockerLeaves(found, alone),
    gone: networksThatGo(marked, alone),
  };
  const all = [
    ...marked.flatMap((one) => judged(one, judge)),
    // Another playbook may have taken over what this one made.
    ...found.flatMap((one) => judged(one, judge).filter(({ certain }) => certain)),
  ];
  return usedByStaying(all, facts)
    .map(
      ({ removal, trace: _, change: __, ...one }): LeftOver =>
        removal === undefined || one.stays !== undefined ? one : { ...one, removal },
    )
    .sort((a, b) => removalRank(a.removal) - removalRank(b.removal));
}

/** Without objects that no mark distinguishes from those of steps once the steps are carried out. */
function notTakenOver(
  found: readonly Unnamed[],
  host: ResolvedHost,
  said: StepNames,
  facts: Facts,
): readonly Unnamed[] {
  if (found.length === 0) return found;
  const still = new Set(
    unnamedWithMark(planHost(host, facts).predicted, said).map(({ trace }) => trace.part),
  );
  return found.filter(({ trace }) => still.has(trace.part));
}

interface Judge extends LeftOverQuestion {
  readonly facts: Facts;
  /** The last value of each part. */
  readonly set: ReadonlyMap<string, Part>;
  /** The bridge of Docker, by options that are removed. */
  readonly left: string | undefined;
  /** Networks of Docker's that are taken away, by name. */
  readonly gone: ReadonlySet<string>;
}

function networksThatGo(found: readonly Unnamed[], judge: Judge): ReadonlySet<string> {
  const names = found.flatMap((one) => {
    const { thing } = one.trace;
    const goes = judged(one, judge).some(({ certain, stays }) => certain && stays === undefined);
    return thing.is === 'docker-network' && goes ? [thing.name] : [];
  });
  return new Set(names);
}

/** Docker has the option in one place only: if the drop-in with it is removed, Docker returns to docker0. */
function bridgeThatDockerLeaves(found: readonly Unnamed[], judge: Judge): string | undefined {
  const goes = found
    .filter(({ removal }) => removedBy(removal).some(isDocker))
    .flatMap((one) => judged(one, judge))
    .some(({ certain, stays }) => certain && stays === undefined);
  if (!goes) return undefined;
  const units = judge.facts.find(dockerFact)?.units ?? [];
  const text = units.find(({ path }) => path === dropInPath)?.text ?? '';
  return /\s--bridge=(\S+)/.exec(text)?.[1];
}

function isDocker(thing: Described): boolean {
  return thing.is === 'daemon' && thing.name === 'Docker' && thing.does !== 'uses';
}

function judged({ trace, change, removal }: Unnamed, judge: Judge): JudgedLeftOver[] {
  const { part, detail } = trace;
  const bridge = linuxBridge(trace);
  const owner = ownerOf(part, judge.runs, judge.facts);
  const certain = owner.by === 'run' && owner.playbook === judge.playbook;
  const one: JudgedLeftOver = {
    trace,
    change,
    part,
    detail,
    owner,
    certain,
    ...(certain && removal !== undefined ? { removal } : {}),
  };
  const now = partsNow(change, judge.facts);
  if (now instanceof UnknownFact || (now[part] ?? null) === null) return [];
  if (!certain) return [one];
  const stays =
    changedSince(now, part, judge) ??
    (bridge === undefined ? undefined : usedByDocker(bridge, judge)) ??
    (removal === undefined ? 'no step can remove this type of object' : undefined);
  return [stays === undefined ? one : { ...one, stays }];
}

function partsNow(change: ChangeBase, facts: Facts): Parts | UnknownFact {
  return orUnknown(() => recheckOf(change)?.parts(change, facts) ?? {});
}

/** What differs from what runs left. Something that someone has removed is no difference. */
function changedSince(now: Parts, own: string, { set }: Judge): string | undefined {
  const other = Object.keys(now).find(
    (part) => now[part] !== null && !isDeepStrictEqual(now[part], set.get(part) ?? null),
  );
  if (other === undefined) return undefined;
  return other === own ? 'someone has changed it since' : `someone has changed ${other} since`;
}

/** A docker_daemon step moves Docker's default network to another bridge, or back to docker0, with its containers. */
function usedByDocker(link: string, { host, facts, left, gone }: Judge): string | undefined {
  const moves = link === left || host.steps.flatMap(thingsOf).some(({ thing }) => isDocker(thing));
  const used = orUnknown(() => dockerOn(link, facts, moves, gone));
  return used instanceof UnknownFact ? `what Docker has on it is not known: ${used.reason}` : used;
}
