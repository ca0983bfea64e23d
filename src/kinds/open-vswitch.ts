import type { FactQuery, Facts } from '../facts/fact.ts';
import { type Ovs, type OvsDatabase, ovsFact } from '../facts/ovs.ts';
import { packageFact } from '../facts/package.ts';
import type { Problem } from './define-kind.ts';

const ovsPackage = packageFact('openvswitch-switch');

/** What `openVswitch` reads. */
export const openVswitchFacts: readonly FactQuery<unknown>[] = [ovsFact, ovsPackage];

/**
 * The host's OVSDB as it will be when the step runs: one that an earlier step installs is empty and runs.
 * A problem where there is none.
 * @throws UnknownFact
 */
export function openVswitch(facts: Facts): OvsDatabase | Problem {
  const state: Ovs = facts.get(ovsFact);
  if (state !== 'not installed') return state === 'not running' ? stopped : state;
  if (facts.get(ovsPackage).installed !== null) return { bridges: {} };
  return {
    code: 'needs-open-vswitch',
    message: 'Open vSwitch is not installed',
    hint: 'put a package step with openvswitch-switch before this one',
  };
}

/** The same for taking something away: where Open vSwitch isn't installed there is nothing to take. */
export function openVswitchIfAny(facts: Facts): OvsDatabase | Problem {
  const state = facts.get(ovsFact);
  if (state === 'not installed') return { bridges: {} };
  return state === 'not running' ? stopped : state;
}

const stopped: Problem = {
  code: 'open-vswitch-stopped',
  message: 'Open vSwitch is installed but its database server is not running',
  hint: "start the host's openvswitch-switch service, then plan again",
};
