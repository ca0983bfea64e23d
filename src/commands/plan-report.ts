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
    unreachable: fleet.unreachable,
    newLeases: resolution.leaseChanges.map(leaseLine),
  };
}

function leaseLine({ overlay, host, after }: LeaseChange): string {
  if (after === undefined) return `${overlay}: ${host} gives its lease up`;
  return `${overlay}: ${host} ${[after.bridgeAddress, after.fixedCidr].filter(Boolean).join(', ')}`;
}
