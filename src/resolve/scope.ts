import type { Facts } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { osFact } from '../facts/os.ts';
import type { Host } from '../model/types.ts';
import { UNKNOWN } from '../template/values.ts';
import type { HostOverlay } from '../topology/types.ts';
import { udpPort } from '../topology/udp-port.ts';

/**
 * What templates see of a host besides variables: `host`, `overlay` and `facts`. Facts that are undefined here
 * are UNKNOWN there, and so are the overlays that are lost.
 */
export function builtins(
  host: Host,
  overlays: ReadonlyMap<string, HostOverlay>,
  lostOverlays: ReadonlySet<string>,
  facts: Facts | undefined,
): Record<string, unknown> {
  return {
    host: {
      name: host.name,
      address: host.address,
      underlay_address: host.underlayAddress,
      groups: [...host.groups],
    },
    overlay: {
      ...Object.fromEntries([...lostOverlays].map((name) => [name, UNKNOWN])),
      ...Object.fromEntries([...overlays].map(([name, overlay]) => [name, overlayValues(overlay)])),
    },
    facts: facts === undefined ? UNKNOWN : factValues(facts),
  };
}

function overlayValues(overlay: HostOverlay): Record<string, unknown> {
  const port = udpPort(overlay);
  return {
    cidr: overlay.cidr,
    tunnel: overlay.tunnel,
    ...(overlay.key === undefined ? {} : { key: overlay.key }),
    ...(port === undefined ? {} : { dst_port: port }),
    mtu: overlay.mtu,
    bridge_address: overlay.bridgeAddress,
    fixed_cidr: overlay.fixedCidr,
    underlay_address: overlay.underlayAddress,
    peers: overlay.peers.map(({ host, remoteAddress }) => ({ host, remote_address: remoteAddress })),
  };
}

/** A fact that could not be read is left out, and so undefined in templates. */
function factValues(facts: Facts): Record<string, unknown> {
  const system = facts.find(osFact);
  const links = facts.find(interfacesFact);
  return {
    ...(system === undefined ? {} : { os: system }),
    ...(links === undefined
      ? {}
      : { interfaces: Object.fromEntries(links.map((link) => [link.name, link])) }),
  };
}
