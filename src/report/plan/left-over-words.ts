import type { LeftOver } from '../../plan/left-over-types.ts';
import { groupBy } from '../text/group.ts';
import { hostsAmong } from '../text/host-names.ts';
import { runWords } from '../text/owner-words.ts';
import type { PlanReport } from './plan-report.ts';

export interface LeftOverLine {
  /** `!`: it stays in any case. */
  readonly sign: '·' | '!';
  /** Escaped. */
  readonly text: string;
}

/** An object that is left over, who made it, and why it stays. Not escaped. */
export function leftOverWords({ part, detail, owner, certain, stays }: LeftOver): string {
  const made =
    owner.by !== 'run'
      ? ''
      : `; made by ${runWords(owner)}${certain || owner.playbook === undefined ? '' : ` with ${owner.playbook}`}`;
  return `${part}, ${detail}${made}${stays === undefined ? '' : `; stays: ${stays}`}`;
}

/** What is left over on a plan's hosts and not pruned, grouped by equal hosts. Not escaped. */
export function leftOverLines({ hosts }: Pick<PlanReport, 'hosts'>): LeftOverLine[] {
  const all = hosts.map(({ plan }) => plan.host);
  const found = hosts.flatMap(({ plan, leftOver = [] }) => {
    const prunes = plan.steps.some(({ prune }) => prune);
    return leftOver
      .filter(({ stays }) => !prunes || stays !== undefined)
      .map((one) => ({ host: plan.host, stays: one.stays !== undefined, text: leftOverWords(one) }));
  });
  return groupBy(found, ({ text }) => text).map((same) => {
    const on = hostsAmong(new Set(same.map(({ host }) => host)), all);
    return { sign: same[0].stays ? '!' : '·', text: `${same[0].text}${on === '' ? '' : `  on ${on}`}` };
  });
}

/** What to do about it; empty if all of it stays. */
export function pruneWords(lines: readonly LeftOverLine[]): string[] {
  return lines.some(({ sign }) => sign === '·')
    ? ['It stays unless --prune is given, or a step says state: absent']
    : [];
}

/** Hosts that are no longer in the playbook. Not escaped. */
export function formerHostLines({ formerHosts = [] }: Pick<PlanReport, 'formerHosts'>): string[] {
  return formerHosts.map(({ host, run, runs }) => {
    const back = `meshbook undo ${run} --limit ${host} undoes`;
    return runs > 1
      ? `${host} still has what ${runs} runs made there; ${back} the newest of them, ${run}; meshbook runs lists them`
      : `${host} still has what run ${run} made there; ${back} it`;
  });
}

export const leftOverTitle = 'Left over from earlier runs of this playbook';
export const formerHostsTitle = 'No longer hosts of this playbook';

interface Titled {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly prune?: true | undefined;
}

/** A step's number and name. Not escaped. */
export function stepTitle({ index, name, kind, prune }: Titled): { title: string; kind: string } {
  return prune
    ? { title: `${leftOverTitle}, taken away`, kind: '' }
    : { title: `${index + 1}. ${name}`, kind };
}
