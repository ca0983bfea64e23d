import type { Check, CheckAction } from './check-types.ts';
import type { HostOverlay } from './host-overlay.ts';
import type { Host, Playbook, Step } from './types.ts';

/** An address that a run gave to an interface. */
export interface GivenAddress {
  readonly link: string;
  /** As the kernel prints it: `10.11.12.1/24`. */
  readonly address: string;
}

/** A step as it applies to one host: templates rendered, params validated by the kind's schema. */
export interface ResolvedStep {
  readonly step: Step;
  /** The step's name, rendered; with the item's number if the step has `for_each`. */
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of the params that involve secret variables. Undefined: none. */
  readonly secrets?: readonly string[];
}

export interface ResolvedHost {
  readonly host: Host;
  readonly overlays: ReadonlyMap<string, HostOverlay>;
  readonly steps: readonly ResolvedStep[];
  /** Addresses that runs of this playbook gave there and no step sets any more. Undefined: none is known. */
  readonly given?: readonly GivenAddress[];
  /** Steps whose content or condition is unknown: their templates use facts that aren't known yet. */
  readonly unresolved?: readonly Step[];
  /** Why those facts are unknown, if the host was read. */
  readonly lacking?: string;
}

/** A check as it applies to its hosts, in the order of the play; templates rendered, params validated. */
export interface ResolvedCheck {
  readonly check: Check;
  readonly hosts: ReadonlyMap<string, CheckAction>;
}

/** The selected hosts' peers, for the tunnels between them. */
export interface ResolvedPeers {
  /** Each with only the steps that make its tunnel ends. */
  readonly hosts: readonly ResolvedHost[];
  /** For selected hosts and peers together. */
  readonly checks: readonly ResolvedCheck[];
  readonly needsFacts: boolean;
}

export interface ResolvedPlay {
  readonly playbook: Playbook;
  readonly hosts: readonly ResolvedHost[];
  readonly checks: readonly ResolvedCheck[];
  /** If requested, and if only some of the hosts are selected. */
  readonly peers?: ResolvedPeers;
  /** Whether a template uses `facts` that aren't known yet: resolve again once they are. */
  readonly needsFacts: boolean;
}
