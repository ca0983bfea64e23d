import type { ResolvedHost } from '../model/resolved.ts';
import type { Owner, StandingRun } from './owner.ts';
import type { Removal } from './removal.ts';

/** Something of meshbook's that no step of the playbook names for its host any more. */
export interface LeftOver {
  /** By the name that it has in records of runs: `link newbridge`, `OVS port lab-docker2`. */
  readonly part: string;
  /** What it is, in a few words. */
  readonly detail: string;
  readonly owner: Owner;
  /** Whether a run of this very playbook made it; else it may well be another playbook's. */
  readonly certain: boolean;
  /** What takes it away; only of what is certain, and left out where it `stays`. */
  readonly removal?: Removal;
  /** Why it stays, whatever is asked for. */
  readonly stays?: string;
}

export interface LeftOverQuestion {
  /** With all steps of the playbook that apply to it. */
  readonly host: ResolvedHost;
  /** What runs of this controller have left there, the oldest first. */
  readonly runs: readonly StandingRun[];
  /** The playbook's absolute path, as records of runs have it. */
  readonly playbook: string;
}
