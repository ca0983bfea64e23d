/**
 * What the files of a network manager say of a link, in words that all network managers have. What is left out, they
 * don't say, or say in a way that isn't understood (commands, DHCP); an empty list: there are none.
 */
export interface LinkConfig {
  readonly name: string;
  /** Of a bridge: whose it is. */
  readonly type?: 'linux' | 'ovs';
  /** With prefix lengths. */
  readonly addresses?: readonly string[];
  /** Where the default routes lead. Left out: there are none. */
  readonly gateways?: readonly string[];
  /** Of a bridge. */
  readonly members?: readonly string[];
  /** Bytes. */
  readonly mtu?: number;
  readonly mac?: string;
  /** Whether a bridge uses the spanning tree protocol. */
  readonly stp?: boolean;
  /** Of a bridge, in seconds. */
  readonly forwardDelay?: number;
}

/** A Linux bridge with all that meshbook says of one. Without an MTU the kernel chooses it. */
export interface BridgeConfig {
  readonly name: string;
  readonly type: 'linux';
  readonly addresses: readonly string[];
  readonly members: readonly string[];
  readonly mac: string;
  readonly stp: boolean;
  readonly mtu?: number;
}
