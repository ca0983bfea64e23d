/**
 * What a network manager's files say about a link, in terms that all network managers have. An undefined field isn't
 * set, or is set in a way that isn't understood (commands, DHCP); an empty list is empty.
 */
export interface LinkConfig {
  readonly name: string;
  /** For a bridge: its type. */
  readonly type?: 'linux' | 'ovs';
  /** With prefix lengths. */
  readonly addresses?: readonly string[];
  /** The gateways of the default routes. Undefined: none. */
  readonly gateways?: readonly string[];
  /** For a bridge. */
  readonly members?: readonly string[];
  /** Bytes. */
  readonly mtu?: number;
  readonly mac?: string;
  /** Whether a bridge uses the spanning tree protocol. */
  readonly stp?: boolean;
  /** For a bridge, in seconds. */
  readonly forwardDelay?: number;
}

/** A Linux bridge with everything that meshbook configures. Without an MTU the kernel chooses it. */
export interface BridgeConfig {
  readonly name: string;
  readonly type: 'linux';
  readonly addresses: readonly string[];
  readonly members: readonly string[];
  readonly mac: string;
  readonly stp: boolean;
  readonly mtu?: number;
}
