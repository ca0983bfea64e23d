import { compileChecks } from '../checks/host-script.ts';
import { listenScript, sendScript } from '../checks/loop-script.ts';
import { type CheckTask, tasksOf } from '../checks/tasks.ts';
import type { CheckAction } from '../model/check-types.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import { groupBy } from './fold.ts';
import type { PlanReport, ReportedCheck } from './plan-report.ts';

/** Stands for what is random in each run. */
const mark = 'RANDOM';

/** What one host runs for a plan's checks, and the names of those that have to do with secrets and are left out. */
export interface CheckScripts {
  readonly scripts: readonly string[];
  readonly secret: readonly string[];
}

/**
 * What runs on each host for a plan's checks, once all hosts are changed and before the run is confirmed: byte for byte,
 * but for the random word that keeps apart what checks print, here `RANDOM`, and seconds and numbers of `loop` checks.
 */
export function checkScripts({
  checks,
  hosts,
}: Pick<PlanReport, 'checks' | 'hosts'>): ReadonlyMap<string, CheckScripts> {
  const names = new Set(hosts.map(({ plan }) => plan.host));
  const peers = new Map(
    hosts.map(({ plan, overlays }) => [
      plan.host,
      new Set([...overlays.values()].flatMap((overlay) => overlay.peers.map(({ host }) => host))),
    ]),
  );
  const tasks = checks.flatMap((check) => {
    const open = openCheck(check);
    const there = new Set([...names].filter((host) => open.hosts.has(host)));
    return tasksOf(open, there, (host) => peers.get(host) ?? new Set());
  });
  const bySource = new Map(
    groupBy(
      tasks.filter(({ action }) => action.kind !== 'loop'),
      ({ source }) => source,
    ).map((own) => [own[0].source, own]),
  );
  const links = loopLinks(tasks);
  return new Map(
    [...names].map((host) => {
      const loops = [...(links.get(host) ?? [])].flatMap((link) => [
        listenScript(link, mark, 30).text,
        sendScript(link, mark, 0).text,
      ]);
      const own = bySource.get(host);
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

function loopLinks(tasks: readonly CheckTask[]): Map<string, Set<string>> {
  const links = new Map<string, Set<string>>();
  const add = (host: string, link: string) => links.set(host, (links.get(host) ?? new Set()).add(link));
  for (const { source, target, action, targetLink } of tasks) {
    if (action.kind === 'loop') add(source, action.params.interface);
    if (targetLink !== undefined) add(target, targetLink);
  }
  return links;
}
