import type { Lease } from '../ipam/leases.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import type { GivenAddress } from '../model/resolved.ts';
import type { Host, Step } from '../model/types.ts';
import type { PlannedStep } from '../plan/host-plan.ts';
import type { LeftOver } from '../plan/left-over-types.ts';
import type { PlanReport, ReportedCheck } from '../report/plan/plan-report.ts';
import type { Trouble } from '../run/events.ts';

/** A step as it applies to one host. */
export interface SavedStep extends Pick<Step, 'index' | 'kind' | 'timeout' | 'prune'> {
  readonly name: string;
  /** Where it stands in the playbook. */
  readonly line: number;
  /** Without those that are secret. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of the params that are secret and left out: an apply reads them from the playbook again. */
  readonly secrets?: readonly string[];
}

/** One host of a saved plan, as it stands in the file. */
export interface SavedHost
  extends Pick<Host, 'name' | 'address' | 'underlayAddress' | 'groups' | 'ssh' | 'become'> {
  /** Of `fingerprintOf`: what all that it is of must come to again. */
  readonly fingerprint: string;
  readonly overlays: readonly HostOverlay[];
  readonly steps: readonly SavedStep[];
  /** Names of further steps, of which it isn't known what they say. */
  readonly unresolved?: readonly string[];
  /** Without secrets. */
  readonly plan: readonly PlannedStep[];
  /** Secrets were masked in `plan`. */
  readonly masked?: true;
  readonly runningContainers?: number;
  /** As the reviewer saw it. */
  readonly leftOver?: readonly LeftOver[];
  /** Addresses that the plan takes for meshbook's. */
  readonly given?: readonly GivenAddress[];
}

/** An overlay's leases, by host. */
type OverlayLeases = Readonly<Record<string, Lease>>;

/** All of a saved plan but its hosts. */
export interface SavedHead
  extends Pick<
    PlanReport,
    | 'play'
    | 'playbook'
    | 'inventory'
    | 'moreInventories'
    | 'origin'
    | 'onFailure'
    | 'formerHosts'
    | 'warnings'
  > {
  /** The version that made it; no other reads it. */
  readonly meshbook: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** What chose hosts and steps. Values of `-e` aren't kept: nobody has said that they are no secrets. */
  readonly choice: {
    readonly limit?: string;
    readonly tags: readonly string[];
    readonly skipTags: readonly string[];
  };
  /** The names of the playbook's steps. */
  readonly steps: readonly string[];
  /** Where params are null, an apply reads them from the playbook again. */
  readonly checks: readonly ReportedCheck[];
  /** By overlay; of those that an apply changes. */
  readonly leases: Readonly<
    Record<string, { readonly before: OverlayLeases; readonly after: OverlayLeases }>
  >;
  readonly unreachable: Readonly<Record<string, Trouble>>;
}

export interface SavedPlan {
  readonly head: SavedHead;
  /** In the play's order. */
  readonly hosts: readonly SavedHost[];
}
