import type { Facts } from '../fact.ts';
import { type OvsBridge, ovsFact } from './ovs.ts';

/** The host's Open vSwitch bridges, by name and in order; empty if unknown. */
export function ovsBridges(facts: Facts): [string, OvsBridge][] {
  const ovs = facts.find(ovsFact);
  return ovs === undefined || typeof ovs === 'string' ? [] : byName(ovs.bridges);
}

/** Open vSwitch lists its rows in no particular order. */
export function byName<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
