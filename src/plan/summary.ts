import type { ChangeBase } from '../changes/change.ts';
import { titleOf } from '../changes/registry.ts';

/**
 * A change, or a step's own settle action, in a few words, for example `create OVS bridge ovs_bridge`. Not escaped.
 */
export function summaryOf(change: ChangeBase): string {
  const { action, noun, target } = titleOf(change);
  return `${action} ${noun} ${target}`;
}
