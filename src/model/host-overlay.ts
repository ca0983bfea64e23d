import type { TunnelType } from './types.ts';

/**
 * What prevents loops in an overlay.
 *
 * - `none`: the links have no cycle.
 * - `protected`: a frame that arrives by a tunnel leaves by no other (split horizon). It breaks every cycle, and needs
 *   a full mesh, as no host forwards.
 * - `rstp`: the bridges block redundant links, and use them if others fail.
 */
export type Protection = 'none' | 'protected' | 'rstp';

/** One end of a tunnel, as seen by its host. */
export interface Peer {
  readonly host: string;
  /** The peer's underlay address. */
  readonly remoteAddress: string;
  /** The name of the tunnel port on this host: at most 15 characters, the same in every run. */
  readonly port: string;
}

/** One overlay as seen by one of its hosts: everything that a kind or a template may use. */
export interface HostOverlay {
  readonly name: string;
  readonly cidr: string;
  readonly tunnel: TunnelType;
  readonly key?: number;
  /** UDP port of vxlan and geneve; undefined: the type's default. */
  readonly dstPort?: number;
  /** Bytes that fit inside the tunnel: the underlay's MTU minus the tunnel's overhead. */
  readonly mtu: number;
  /** The underlay's declared MTU in bytes. */
  readonly underlayMtu: number;
  /** With the overlay's own prefix length, for example `10.11.12.1/24`. */
  readonly bridgeAddress: string;
  /** Addresses that leases gave to the host's bridge earlier, and that it may still have. Undefined: none. */
  readonly replaced?: readonly string[];
  /** The host's range for containers. */
  readonly fixedCidr: string;
  readonly underlayAddress: string;
  readonly peers: readonly Peer[];
  readonly protection: Protection;
}
