import type { BridgeSettings, PortSettings } from '../../facts/ovs/ovs.ts';
import type { ChangeBase } from '../change.ts';

/** One port before and after; null: not there. */
export interface PortChange {
  readonly name: string;
  readonly before: PortSettings | null;
  readonly after: PortSettings | null;
}

/**
 * An Open vSwitch bridge and ports of it, changed by one OVSDB transaction: all of it or nothing. `before`
 * and `after` are the bridge's own settings; null: it isn't there. A bridge that is deleted names all its
 * ports, so that undo can make them again.
 */
export interface OvsdbChange extends ChangeBase {
  readonly type: 'ovsdb';
  readonly bridge: string;
  readonly before: BridgeSettings | null;
  readonly after: BridgeSettings | null;
  readonly ports: readonly PortChange[];
}
