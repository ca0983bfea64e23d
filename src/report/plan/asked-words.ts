import type { Guard } from '../../facts/guard.ts';
import type { FoldedStep, Shared } from './fold.ts';
import { countPlan, type PlanReport } from './plan-report.ts';

export const askedTitle = 'Guards that run on hosts, as root';

/**
 * Guards whose commands run on hosts although their steps change nothing. Not escaped. Only for a plan that changes
 * something.
 */
export function askedLines(
  report: PlanReport,
  steps: readonly FoldedStep[],
): (Pick<Shared<Guard>, 'hosts'> & { readonly step: string; readonly command: string })[] {
  const { changes, unknown } = countPlan(report);
  if (changes + unknown === 0 && report.madeAt === undefined) return [];
  return steps.flatMap(({ name, asks }) =>
    asks.map(({ value, hosts }) => ({ step: name, command: guardWords(value), hosts })),
  );
}

/** A guard command as the playbook has it. Not escaped. */
export function guardWords({ unless, only_if, chdir }: Guard): string {
  const where = chdir === undefined ? '' : ` (in ${chdir})`;
  return unless === undefined ? `only_if ${only_if}${where}` : `unless ${unless}${where}`;
}
