import type { ResolvedHost } from '../model/resolved.ts';
import type { Owner, RunInForce } from './owner.ts';
import type { Removal } from './removal.ts';

/** Something of meshbook's that no step of the playbook names for its host any more. */
export interface LeftOver {
  /** Its name in records of runs: `link newbridge`, `OVS port lab-docker2`. */
  readonly part: string;
  /** A short description. */
  readonly detail: string;
  readonly owner: Owner;
  /** Whether a run of this playbook made it; otherwise it may be another playbook's. */
  readonly certain: boolean;
  /** How to remove it; only if it is certain and not one that `stays`. */
  readonly removal?: Removal;
  /** Why it stays in any case. */
  readonly stays?: string;
}

export interface LeftOverQuestion {
  /** With all steps of the playbook that apply to it. */
  readonly host: ResolvedHost;
  /** What runs of this controller have left there, oldest first. */
  readonly runs: readonly RunInForce[];
  /** The playbook's absolute path, as in records of runs. */
  readonly playbook: string;
}
