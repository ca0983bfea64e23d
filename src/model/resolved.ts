import type { Check, CheckAction } from './check-types.ts';
import type { HostOverlay } from './host-overlay.ts';
import type { Host, Playbook, Step } from './types.ts';

/** An address that a run gave to an interface. */
export interface GivenAddress {
  readonly link: string;
  /** As the kernel prints it: `10.11.12.1/24`. */
  readonly address: string;
}

/** A step as it applies to one host: templates rendered, params valid against the kind's schema. */
export interface ResolvedStep {
  readonly step: Step;
  /** The step's name, rendered; with the item's number when the step has `for_each`. */
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of the params that have to do with secret variables. Left out: none. */
  readonly secrets?: readonly string[];
}

export interface ResolvedHost {
  readonly host: Host;
  readonly overlays: ReadonlyMap<string, HostOverlay>;
  readonly steps: readonly ResolvedStep[];
  /** Addresses that runs of this playbook gave there, and that no step says any more. Left out: none is known. */
  readonly given?: readonly GivenAddress[];
  /** Steps of which it isn't known what they say, or whether they apply: their templates ask for facts that weren't given. */
  readonly unresolved?: readonly Step[];
  /** Why those facts aren't known, where the host was asked. */
  readonly lacking?: string;
}

/** A check as it applies to the hosts that take part in it, in the play's order; templates rendered, params valid. */
export interface ResolvedCheck {
  readonly check: Check;
  readonly hosts: ReadonlyMap<string, CheckAction>;
}

/** The chosen hosts' peers, as far as the tunnels between them are concerned. */
export interface ResolvedPeers {
  /** Each with the steps that make its ends of tunnels, and no others. */
  readonly hosts: readonly ResolvedHost[];
  /** As they are among chosen hosts and peers. */
  readonly checks: readonly ResolvedCheck[];
  readonly needsFacts: boolean;
}

export interface ResolvedPlay {
  readonly playbook: Playbook;
  readonly hosts: readonly ResolvedHost[];
  readonly checks: readonly ResolvedCheck[];
  /** Where they were asked for, and only some of the hosts are chosen. */
  readonly peers?: ResolvedPeers;
  /** True when a template asked for `facts` that weren't given: resolve again once they are known. */
  readonly needsFacts: boolean;
}
