import { inventoryWords } from '../text/words.ts';
import type { PlanOrigin, PlanReport } from './plan-report.ts';

/** What a reader must know about a plan's source; empty if it was just made from the hosts. Not escaped. */
export function originWords(report: PlanReport): string[] {
  const { origin, madeAt, playbook, onFailure } = report;
  const saved =
    madeAt === undefined
      ? []
      : [
          `Saved plan, made at ${madeAt}.`,
          `Playbook ${playbook}, inventory ${inventoryWords(report)}, on_failure: ${onFailure}.`,
        ];
  return [...saved, ...sourceWords(origin)];
}

/** The source alone. */
export function sourceWords(origin: PlanOrigin): string[] {
  if (origin.from === 'hosts') return [];
  if (origin.from === 'nothing') return ['Planned offline, without facts: no host was contacted.'];
  const { folder, oldest, newest } = origin;
  if (oldest === undefined) return [`Planned offline, from ${folder}, which has no facts of these hosts.`];
  const when =
    oldest === newest ? `read at ${oldest}` : `the oldest read at ${oldest}, the newest at ${newest}`;
  return [`Planned offline, from saved facts in ${folder}, ${when}: a host may have changed since.`];
}

/** How to describe an unknown answer. */
export function unknownWords({ from }: PlanOrigin): string {
  return from === 'hosts' ? 'unknown until the run' : 'unknown';
}

/** Which facts a plan without a connection lacks; empty if none is needed. Not escaped. */
export function missingFactsWords({ origin, inventory, playbook }: PlanReport): string {
  if (origin.from === 'hosts' || (origin.from === 'facts' && origin.complete)) return '';
  const folder = origin.from === 'facts' ? origin.folder : 'FOLDER';
  const then = origin.from === 'facts' ? '' : ', then plan with --facts FOLDER';
  return `To read what is unknown: meshbook facts -i ${inventory} -o ${folder} ${playbook}${then}`;
}
