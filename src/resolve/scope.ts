import type { Facts } from '../facts/fact.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { osFact } from '../facts/os.ts';
import { templateQueries } from '../facts/template-queries.ts';
import { tidy } from '../json/records.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import type { Host } from '../model/types.ts';
import { spendWork } from '../source/allowance.ts';
import { UNKNOWN } from '../template/values.ts';
import { udpPort } from '../topology/udp-port.ts';

/**
 * What templates know about a host besides variables: `host`, `overlay` and `facts`. Undefined facts are UNKNOWN
 * there, and so are lost overlays.
 */
export function builtins(
  host: Host,
  overlays: ReadonlyMap<string, HostOverlay>,
  lostOverlays: Readonly<Record<string, typeof UNKNOWN>>,
  facts: Facts | undefined,
): Record<string, unknown> {
  return {
    host: {
      name: host.name,
      address: host.address,
      underlay_address: host.underlayAddress,
      groups: [...host.groups],
    },
    overlay: overlays.size === 0 ? lostOverlays : withLost(lostOverlays, overlays),
    facts: facts === undefined ? UNKNOWN : factValues(facts),
  };
}

function withLost(
  lost: Readonly<Record<string, typeof UNKNOWN>>,
  overlays: ReadonlyMap<string, HostOverlay>,
): Record<string, unknown> {
  spendWork(Object.keys(lost).length);
  return {
    ...lost,
    ...Object.fromEntries([...overlays].map(([name, overlay]) => [name, overlayValues(overlay)])),
  };
}

function overlayValues(overlay: HostOverlay): Record<string, unknown> {
  const port = udpPort(overlay);
  return tidy({
    cidr: overlay.cidr,
    tunnel: overlay.tunnel,
    key: overlay.key,
    dst_port: port,
    mtu: overlay.mtu,
    bridge_address: overlay.bridgeAddress,
    fixed_cidr: overlay.fixedCidr,
    underlay_address: overlay.underlayAddress,
    peers: overlay.peers.map(({ host, remoteAddress }) => ({ host, remote_address: remoteAddress })),
  });
}

/** A fact that could not be read is UNKNOWN: a host's missing or wrong answer is no error of the play. */
function factValues(facts: Facts): Record<string, unknown> {
  const links = facts.find(interfacesFact);
  return {
    os: facts.find(osFact) ?? UNKNOWN,
    interfaces:
      links === undefined
        ? UNKNOWN
        : Object.fromEntries(links.map(({ details: _, ...link }) => [link.name, link])),
  };
}

/** Why facts that templates may use are unknown; undefined if all are known, or none was given. */
export function lackingFacts(facts: Facts | undefined): string | undefined {
  const reasons = templateQueries.flatMap((query) => {
    const state = facts?.state(query);
    return state !== undefined && 'unknown' in state ? [state.unknown] : [];
  });
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
