import type { LinkAddress } from '../../facts/link-address.ts';
import type { ChangeBase } from '../change.ts';

/** A route without its interface: the words of `ip route` (ip-route(8)). */
export interface UplinkRoute {
  readonly family: 'inet' | 'inet6';
  readonly words: readonly string[];
}

/** The bridge's own part of the state; `mac` of an Open vSwitch bridge is its `other_config:hwaddr`. */
export interface UplinkBridge {
  readonly mac?: string;
  readonly up: boolean;
  /** Open vSwitch; left out: `system`. */
  readonly datapathType?: string;
}

export interface UplinkState {
  /** Null: there is no such bridge. */
  readonly bridge: UplinkBridge | null;
  /** Whether the interface is in the bridge. */
  readonly member: boolean;
  readonly linkUp: boolean;
  /** Who has the addresses and routes. */
  readonly holder: 'link' | 'bridge';
}

/**
 * A network interface goes into a bridge, or comes out of it, and its addresses and routes go along to the other one:
 * one script that nothing stops half-way, because in between the host can't be reached. `uplink` is into a Linux
 * bridge, `ovs_uplink` into an Open vSwitch one, whose rows last over a boot.
 */
export interface UplinkChange extends ChangeBase {
  readonly type: 'uplink' | 'ovs_uplink';
  readonly link: string;
  readonly bridge: string;
  /** What goes along, in the order in which it must be made. */
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly UplinkRoute[];
  readonly before: UplinkState;
  readonly after: UplinkState;
}
