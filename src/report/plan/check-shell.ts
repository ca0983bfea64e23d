import { compileChecks } from '../../checks/host-script.ts';
import { listenFor, listenScript, sendScript } from '../../checks/loop-script.ts';
import { type CheckTask, loopLinks, tasksAmong } from '../../checks/tasks.ts';
import type { CheckAction } from '../../model/check-types.ts';
import type { ResolvedCheck } from '../../model/resolved.ts';
import { groupBy } from '../text/group.ts';
import type { PlanReport, ReportedCheck } from './plan-report.ts';

/** Replaces the random word of each run. */
const mark = 'RANDOM';

/** What one host runs for a plan's checks, and the names of the checks that involve secrets, which are left out. */
export interface CheckScripts {
  readonly scripts: readonly string[];
  readonly secret: readonly string[];
}

/**
 * What runs on each host for a plan's checks, once all hosts are changed and before the run is confirmed: byte for
 * byte, except the random word that separates the checks' output, here `RANDOM`, and seconds and numbers of `loop`
 * checks.
 */
export function checkScripts({
  checks,
  hosts,
}: Pick<PlanReport, 'checks' | 'hosts'>): ReadonlyMap<string, CheckScripts> {
  const tasks = tasksAmong(
    checks.map(openCheck),
    new Map(hosts.map(({ plan, overlays }) => [plan.host, overlays])),
  );
  const isLoop = ({ action }: CheckTask) => action.kind === 'loop';
  const bySource = new Map(
    groupBy(
      tasks.filter((task) => !isLoop(task)),
      ({ source }) => source,
    ).map((own) => [own[0].source, own]),
  );
  const links = groupBy(tasks.filter(isLoop), ({ check }) => String(check)).map(loopLinks);
  return new Map(
    hosts.map(({ plan: { host } }) => {
      const own = bySource.get(host);
      const loops = [...new Set(links.flatMap((ofCheck) => ofCheck.get(host) ?? []))].flatMap((link) => [
        listenScript(link, mark, listenFor).text,
        sendScript(link, mark, 0).text,
      ]);
      return [
        host,
        {
          scripts: own === undefined ? loops : [...loops, compileChecks(own, mark).script.text],
          secret: checks.filter(({ hosts: params }) => params[host] === null).map(({ name }) => name),
        },
      ];
    }),
  );
}

function openCheck({ hosts, ...check }: ReportedCheck): ResolvedCheck {
  const open = Object.entries(hosts).flatMap(([host, params]): [string, CheckAction][] =>
    params === null ? [] : [[host, { kind: check.kind, params } as CheckAction]],
  );
  const nowhere = { source: { path: '', text: '' }, start: 0, end: 0 };
  return { check: { ...check, params: {}, locate: () => nowhere }, hosts: new Map(open) };
}
