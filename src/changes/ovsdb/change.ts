import type { BridgeSettings, PortSettings } from '../../facts/ovs/ovs.ts';
import type { ChangeBase } from '../change.ts';

/** One port before and after; null: it doesn't exist. */
export interface PortChange {
  readonly name: string;
  readonly before: PortSettings | null;
  readonly after: PortSettings | null;
}

/**
 * An Open vSwitch bridge and its ports, changed in one OVSDB transaction: all or nothing. `before` and `after` are the
 * bridge's own settings; null: it doesn't exist. For a bridge that is deleted, all its ports are included, so that
 * undo can make them again.
 */
export interface OvsdbChange extends ChangeBase {
  readonly type: 'ovsdb';
  readonly bridge: string;
  readonly before: BridgeSettings | null;
  readonly after: BridgeSettings | null;
  readonly ports: readonly PortChange[];
}
