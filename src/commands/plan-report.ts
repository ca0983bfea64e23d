import type { LeaseChange } from '../ipam/leases.ts';
import type { PlanReport } from '../report/plan-report.ts';
import type { Resolution } from '../resolve/resolve-play.ts';
import type { Fleet } from '../run/open-fleet.ts';
import type { LoadedPlay } from './load-play.ts';

/** What every form of a plan is made from. */
export function planReport(play: LoadedPlay, resolution: Resolution, fleet: Fleet): PlanReport {
  return {
    play: play.playbook.name,
    plans: fleet.hosts.map(({ plan }) => plan),
    unreachable: inOrder(resolution, fleet.unreachable),
    checks: fleet.checks.map(({ check }) => check.name),
    newLeases: resolution.leaseChanges.map(leaseLine),
  };
}

/** In the play's order, not in the order in which hosts gave up. */
function inOrder<T>({ play }: Resolution, byHost: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const rank = new Map(play.hosts.map(({ host }, index) => [host.name, index]));
  return new Map([...byHost].sort(([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)));
}

function leaseLine({ overlay, host, after }: LeaseChange): string {
  if (after === undefined) return `${overlay}: ${host} gives its lease up`;
  return `${overlay}: ${host} ${[after.bridgeAddress, after.fixedCidr].filter(Boolean).join(', ')}`;
}
