import type { Risk } from '../../changes/change.ts';
import { count } from '../text/host-names.ts';
import { type FoldedStep, hostsOf } from './fold.ts';
import { allRisks, type PlanReport } from './plan-report.ts';

/** Every risk of a plan with its hosts, including the risks of settle actions. */
export function risksOf(steps: readonly FoldedStep[]): ReadonlyMap<Risk, ReadonlySet<string>> {
  const hosts = new Map<Risk, Set<string>>();
  const add = (risk: Risk, more: Iterable<string>) =>
    hosts.set(risk, new Set([...(hosts.get(risk) ?? []), ...more]));
  for (const step of steps) {
    for (const shape of step.shapes) for (const risk of allRisks(shape[0].change)) add(risk, hostsOf(shape));
  }
  return hosts;
}

/** How many containers a restart of Docker stops, as far as known; empty for other risks. */
export function containersAtRisk(risk: Risk, names: ReadonlySet<string>, { hosts }: PlanReport): string {
  if (risk !== 'restarts-docker') return '';
  const known = hosts.flatMap(({ plan, runningContainers }) =>
    names.has(plan.host) ? (runningContainers ?? []) : [],
  );
  if (known.length === 0) return '';
  return ` (${count(
    known.reduce((sum, n) => sum + n, 0),
    'container',
  )} now)`;
}
