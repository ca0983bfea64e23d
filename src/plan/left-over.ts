import { isDeepStrictEqual } from 'node:util';
import type { ChangeBase, Part, Parts } from '../changes/change.ts';
import type { LinkChange } from '../changes/link.ts';
import { recheckOf } from '../changes/registry.ts';
import { dockerFact } from '../facts/docker.ts';
import { type FactQuery, type Facts, UnknownFact } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { ovsFact } from '../facts/ovs.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { dockerOn } from './docker-on.ts';
import { lastSet, type Owner, ownerOf, type StandingRun } from './owner.ts';
import { queriesOf } from './plan-host.ts';
import { type Removal, removalRank, removalStep } from './removal.ts';
import { saidBy } from './said.ts';
import { type Unsaid, unsaidOnRecord, unsaidWithMark } from './unsaid.ts';
import { usedByStaying } from './used-by-staying.ts';

/** Something of meshbook's that no step of the playbook names for its host any more. */
export interface LeftOver {
  /** By the name that it has in records of runs: `link newbridge`, `OVS port lab-docker2`. */
  readonly part: string;
  /** What it is, in a few words. */
  readonly detail: string;
  readonly owner: Owner;
  /** Whether a run of this very playbook made it; else it may well be another playbook's. */
  readonly certain: boolean;
  /** What takes it away; only of what is certain, and left out where it `stays`. */
  readonly removal?: Removal;
  /** Why it stays, whatever is asked for. */
  readonly stays?: string;
}

export interface LeftOverQuestion {
  /** With all steps of the playbook that apply to it. */
  readonly host: ResolvedHost;
  /** What runs of this controller have left there, the oldest first. */
  readonly runs: readonly StandingRun[];
  /** The playbook's absolute path, as records of runs have it. */
  readonly playbook: string;
}

/** What must be known of a host to tell what is left over there of what is on record. May hold duplicates. */
export function leftOverQueries(question: LeftOverQuestion): FactQuery<unknown>[] {
  const { found, marks } = unsaidOnRecord(question, saidBy(question.host));
  const steps = found.flatMap(({ removal }) => (removal === undefined ? [] : [removalStep(removal, 0, '')]));
  return [
    ...found.flatMap(({ change }) => [...(recheckOf(change)?.queries(change) ?? [])]),
    ...(steps.length === 0 ? [] : queriesOf({ ...question.host, steps })),
    ...(found.some(({ change }) => change.type === 'link') ? [dockerFact] : []),
    ...(marks ? [ovsFact, interfacesFact] : []),
  ];
}

/**
 * What runs of the playbook made and no step names, and what else bears meshbook's mark; in an order in which it can
 * be taken away. What somebody has changed since, and what others use, stays. Pure.
 */
export function leftOversOf(question: LeftOverQuestion, facts: Facts): LeftOver[] {
  const said = saidBy(question.host);
  const judge = { ...question, facts, set: lastSet(question.runs) };
  const all = [
    ...unsaidWithMark(facts, said).flatMap((one) => judged(one, judge)),
    // Another playbook may have taken over what this one made.
    ...unsaidOnRecord(question, said).found.flatMap((one) =>
      judged(one, judge).filter(({ certain }) => certain),
    ),
  ];
  return usedByStaying(all, facts)
    .map(
      ({ removal, ...one }): LeftOver =>
        removal === undefined || one.stays !== undefined ? one : { ...one, removal },
    )
    .sort((a, b) => removalRank(a.removal) - removalRank(b.removal));
}

interface Judge extends LeftOverQuestion {
  readonly facts: Facts;
  /** What each part was set to last. */
  readonly set: ReadonlyMap<string, Part>;
}

function judged({ part, detail, change, removal }: Unsaid, judge: Judge): LeftOver[] {
  const owner = ownerOf(part, judge.runs, judge.facts);
  const certain = owner.by === 'run' && owner.playbook === judge.playbook;
  const one: LeftOver = {
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
    (change.type === 'link' ? usedByDocker(change as LinkChange, judge) : undefined) ??
    (removal === undefined ? 'no step takes such a thing away' : undefined);
  return [stays === undefined ? one : { ...one, stays }];
}

function partsNow(change: ChangeBase, facts: Facts): Parts | UnknownFact {
  try {
    return recheckOf(change)?.parts(change, facts) ?? {};
  } catch (error) {
    if (error instanceof UnknownFact) return error;
    throw error;
  }
}

/** What is there otherwise than runs left it. What somebody has taken away is no loss. */
function changedSince(now: Parts, own: string, { set }: Judge): string | undefined {
  const other = Object.keys(now).find(
    (part) => now[part] !== null && !isDeepStrictEqual(now[part], set.get(part) ?? null),
  );
  if (other === undefined) return undefined;
  return other === own ? 'somebody has changed it since' : `somebody has changed ${other} since`;
}

/** Docker's default network goes with a docker_daemon step to another bridge, and its containers with that. */
function usedByDocker({ link }: LinkChange, { host, facts }: Judge): string | undefined {
  try {
    return dockerOn(
      link,
      facts,
      host.steps.some(({ step }) => step.kind === 'docker_daemon'),
    );
  } catch (error) {
    if (error instanceof UnknownFact) return `what Docker has on it is not known: ${error.reason}`;
    throw error;
  }
}
