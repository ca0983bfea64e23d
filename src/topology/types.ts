import type { TunnelType } from '../model/types.ts';

/**
 * What keeps an overlay's frames from going in circles.
 *
 * - `none`: the links have no cycle.
 * - `protected`: what came in by a tunnel leaves by no other (split horizon). It breaks every cycle, and needs a
 *   complete graph, as nobody passes frames on.
 * - `rstp`: the bridges agree on links that stay unused, and take them when others fail.
 */
export type Protection = 'none' | 'protected' | 'rstp';

/** One end of a tunnel, as the host that owns it sees it. */
export interface Peer {
  readonly host: string;
  /** The peer's underlay address. */
  readonly remoteAddress: string;
  /** The tunnel port's name on this host: at most 15 characters, the same in every run. */
  readonly port: string;
}

/** One overlay as seen by one of its hosts: everything a kind or a template may ask of it. */
export interface HostOverlay {
  readonly name: string;
  readonly cidr: string;
  readonly tunnel: TunnelType;
  readonly key?: number;
  /** UDP, of vxlan and geneve; left out: the type's usual one. */
  readonly dstPort?: number;
  /** Bytes that fit inside the tunnel: the underlay's MTU less the tunnel's overhead. */
  readonly mtu: number;
  /** What the underlay is declared to carry, bytes. */
  readonly underlayMtu: number;
  /** With the overlay's own prefix length, for example `10.11.12.1/24`. */
  readonly bridgeAddress: string;
  /** Addresses that leases gave the host's bridge before, and that it may still have. Left out: none. */
  readonly replaced?: readonly string[];
  /** The host's range for containers. */
  readonly fixedCidr: string;
  readonly underlayAddress: string;
  readonly peers: readonly Peer[];
  readonly protection: Protection;
}

/** What a step joins on its host to one network: a bridge with the tunnels of an overlay, or with members. */
export interface Joint {
  readonly bridge: string;
  readonly overlay?: string;
  readonly members?: readonly string[];
}

/** An address that a run gave to an interface. */
export interface GivenAddress {
  readonly link: string;
  /** As the kernel prints it: `10.11.12.1/24`. */
  readonly address: string;
}
