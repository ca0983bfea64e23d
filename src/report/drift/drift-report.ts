import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { type HostDrift, hasDrifted } from '../../drift/host-drift.ts';
import type { Trouble } from '../../run/events.ts';
import type { PlanOrigin } from '../plan/plan-report.ts';

/** How a playbook's hosts differ from it, for every output format. */
export interface DriftReport {
  /** The playbook's name. */
  readonly play: string;
  readonly origin: PlanOrigin;
  /** In the order of the play. */
  readonly hosts: readonly HostDrift[];
  /** The diagnostics of a plan: errors prevent an apply, warnings don't. */
  readonly problems: readonly Diagnostic[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
}

export interface DriftCounts {
  /** The number of hosts that were compared. */
  readonly hosts: number;
  /** The number of them that certainly differ. */
  readonly drifted: number;
  readonly differences: number;
  /** The number of objects that a run of this playbook has certainly left over. */
  readonly left_over: number;
  readonly unknown: number;
  readonly unreachable: number;
}

export function countDrift({ hosts, unreachable }: DriftReport): DriftCounts {
  const sum = (of: (host: HostDrift) => number) => hosts.reduce((total, host) => total + of(host), 0);
  return {
    hosts: hosts.length,
    drifted: hosts.filter(hasDrifted).length,
    differences: sum(({ differences }) => differences.length),
    left_over: sum(({ leftOver }) => leftOver.filter(({ certain }) => certain).length),
    unknown: sum(({ unknowns }) => unknowns.length),
    unreachable: unreachable.size,
  };
}
