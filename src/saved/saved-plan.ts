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
  /** Its line in the playbook. */
  readonly line: number;
  /** Without secret ones. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of the secret params that are left out: an apply reads them from the playbook again. */
  readonly secrets?: readonly string[];
}

/** One host of a saved plan, as in the file. */
export interface SavedHost
  extends Pick<Host, 'name' | 'address' | 'underlayAddress' | 'groups' | 'ssh' | 'become'> {
  /** From `fingerprintOf`: an apply must arrive at the same. */
  readonly fingerprint: string;
  readonly overlays: readonly HostOverlay[];
  readonly steps: readonly SavedStep[];
  /** Names of further steps whose content is unknown. */
  readonly unresolved?: readonly string[];
  /** Without secrets. */
  readonly plan: readonly PlannedStep[];
  /** Secrets were masked in `plan`. */
  readonly masked?: true;
  readonly runningContainers?: number;
  /** As the reviewer saw it. */
  readonly leftOver?: readonly LeftOver[];
  /** Addresses that the plan regards as meshbook's. */
  readonly given?: readonly GivenAddress[];
}

/** An overlay's leases, by host. */
type OverlayLeases = Readonly<Record<string, Lease>>;

/** A saved plan without its hosts. */
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
  /** The options that selected hosts and steps. Values of `-e` aren't saved: they may be secret. */
  readonly choice: {
    readonly limit?: string;
    readonly tags: readonly string[];
    readonly skipTags: readonly string[];
  };
  /** The names of the playbook's steps. */
  readonly steps: readonly string[];
  /** If params are null, an apply reads them from the playbook again. */
  readonly checks: readonly ReportedCheck[];
  /** By overlay; only those that an apply changes. */
  readonly leases: Readonly<
    Record<string, { readonly before: OverlayLeases; readonly after: OverlayLeases }>
  >;
  readonly unreachable: Readonly<Record<string, Trouble>>;
}

export interface SavedPlan {
  readonly head: SavedHead;
  /** In the order of the play. */
  readonly hosts: readonly SavedHost[];
}
