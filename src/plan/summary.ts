import type { ChangeBase } from '../changes/change.ts';
import { primitiveOf } from '../changes/registry.ts';

/** A change in a few words, for example `create OVS bridge ovs_bridge`. Not escaped. */
export function summaryOf(change: ChangeBase): string {
  const { action, noun, target } = primitiveOf(change).title(change);
  return `${action} ${noun} ${target}`;
}
