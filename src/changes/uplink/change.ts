import type { LinkAddress } from '../../facts/link-address.ts';
import type { ChangeBase } from '../change.ts';

/** A route without its interface: the words of `ip route` (ip-route(8)). */
export interface UplinkRoute {
  readonly family: 'inet' | 'inet6';
  readonly words: readonly string[];
}

/** The bridge's own state; for an Open vSwitch bridge, `mac` is its `other_config:hwaddr`. */
export interface UplinkBridge {
  readonly mac?: string;
  readonly up: boolean;
  /** Open vSwitch only; undefined: `system`. */
  readonly datapathType?: string;
}

export interface UplinkState {
  /** Null: there is no such bridge. */
  readonly bridge: UplinkBridge | null;
  /** Whether the interface is a member of the bridge. */
  readonly member: boolean;
  readonly linkUp: boolean;
  /** Which of them has the addresses and routes. */
  readonly holder: 'link' | 'bridge';
}

/**
 * Moves a network interface into a bridge, or out of it, with its addresses and routes: one uninterruptible script,
 * because the host is unreachable in between. `uplink` is for a Linux bridge, `ovs_uplink` for an Open vSwitch one,
 * whose rows survive a boot.
 */
export interface UplinkChange extends ChangeBase {
  readonly type: 'uplink' | 'ovs_uplink';
  readonly link: string;
  readonly bridge: string;
  /** What moves along, in the order in which it must be made. */
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly UplinkRoute[];
  readonly before: UplinkState;
  readonly after: UplinkState;
}
