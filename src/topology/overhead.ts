import type { TunnelType } from '../model/types.ts';
import type { IpVersion } from '../net/address.ts';

/** Outer IP header without options: RFC 791 section 3.1, RFC 8200 section 3. */
const ipHeader = { 4: 20, 6: 40 } as const;

/** RFC 768. */
const udpHeader = 8;

/** The Ethernet header of the inner frame: the MTU limits its payload. */
const innerEthernet = 14;

/**
 * The bytes that a tunnel adds: the inner MTU is the underlay's MTU minus these. An inner VLAN tag (4 bytes) and
 * Geneve options are not counted: we send neither.
 *
 * A GRE key takes 4 bytes (RFC 2890), even key 0: Open vSwitch sends the field if a key is set. VXLAN and Geneve have
 * theirs in the header.
 */
export function tunnelOverhead(tunnel: TunnelType, key: number | undefined, underlay: IpVersion): number {
  return ipHeader[underlay] + tunnelHeader(tunnel, key) + innerEthernet;
}

function tunnelHeader(tunnel: TunnelType, key: number | undefined): number {
  switch (tunnel) {
    case 'gre':
      return key === undefined ? 4 : 8; // RFC 2784 section 2.1, RFC 2890 section 2
    case 'vxlan':
      return udpHeader + 8; // RFC 7348 section 5
    case 'geneve':
      return udpHeader + 8; // RFC 8926 section 3.4
  }
}

/** The largest key: 32 bits in GRE, 24 in VXLAN (VNI) and Geneve. */
export function largestKey(tunnel: TunnelType): number {
  return tunnel === 'gre' ? 2 ** 32 - 1 : 2 ** 24 - 1;
}
