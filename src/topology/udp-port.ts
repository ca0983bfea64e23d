import type { TunnelType } from '../model/types.ts';
import { usualPorts } from '../net/usual-ports.ts';

/** The UDP port on which an overlay's tunnels arrive; undefined for GRE, which has no ports. */
export function udpPort(overlay: {
  readonly tunnel: TunnelType;
  readonly dstPort?: number;
}): number | undefined {
  return overlay.dstPort ?? usualPorts[overlay.tunnel];
}
