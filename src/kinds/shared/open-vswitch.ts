import type { FactQuery, Facts } from '../../facts/fact.ts';
import { openVswitchModule } from '../../facts/kernel-module.ts';
import {
  type BridgeSettings,
  type Ovs,
  type OvsBridge,
  type OvsDatabase,
  ovsFact,
} from '../../facts/ovs/ovs.ts';
import { packageFact } from '../../facts/package.ts';
import type { Problem } from '../define-kind.ts';

/** The package that installs Open vSwitch. */
export const openVswitchPackage = 'openvswitch-switch';

const ovsPackage = packageFact(openVswitchPackage);

/** The facts that `openVswitch` reads. */
export const openVswitchFacts: readonly FactQuery<unknown>[] = [ovsFact, ovsPackage];

/**
 * The host's OVSDB when the step runs: one that an earlier step installs is empty and runs. A problem if there is
 * none.
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

/** The same for a removal: without Open vSwitch there is nothing to remove. */
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

/** The facts that `withoutModule` reads. */
export function datapathFacts(datapath: string): readonly FactQuery<unknown>[] {
  return datapath === 'system' ? [openVswitchModule] : [];
}

/** A problem if the kernel is known not to switch packets; otherwise an apply finds out. */
export function withoutModule(facts: Facts): Problem[] {
  if (facts.find(openVswitchModule) !== false) return [];
  return [
    {
      code: 'no-kernel-module',
      message: 'the kernel has no module openvswitch, which the datapath system needs',
      path: ['datapath'],
      hint: "write datapath: netdev, or install the kernel's package that has the module",
    },
  ];
}

/** A bridge's settings without what a change can't contain. */
export function ownSettings({ ports: _, other: __, ...own }: OvsBridge): BridgeSettings {
  return own;
}

const deletions = { bridge: 'del-br', port: 'del-port' };

/** What can't be deleted because it has columns that a change can't contain; empty if there are none. */
export function notRestorable(
  sort: keyof typeof deletions,
  name: string,
  columns: readonly string[],
): Problem[] {
  if (columns.length === 0) return [];
  return [
    {
      code: 'not-restorable',
      message: `undo could not restore ${name}: it has ${columns.join(', ')}`,
      hint: `remove these, or delete the ${sort} by hand: ovs-vsctl --timeout=10 ${deletions[sort]} ${name}`,
    },
  ];
}
