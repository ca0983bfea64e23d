import { type Interface, interfacesFact } from '../facts/interfaces.ts';
import { type OvsDatabase, ovsFact } from '../facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../facts/ovs/tags.ts';
import { sameAddress } from '../facts/ovs/tunnel.ts';
import type { End, LintedHost } from './linted-host.ts';
import { thingsDescribed } from './things.ts';

/** A host whose tunnels after the plan are known. */
export interface TunnelHost {
  readonly linted: LintedHost;
  readonly name: string;
  /** Its position in the play. */
  readonly place: number;
  readonly database: OvsDatabase;
  readonly links: readonly Interface[];
  /** The bridges to which its steps attach tunnels, by overlay. */
  readonly overlays: ReadonlyMap<string, string>;
}

export function tunnelHosts(hosts: readonly LintedHost[]): TunnelHost[] {
  return hosts.flatMap((linted, place) => {
    const { predicted, resolved, tunnelsKnown } = linted;
    const database = predicted.find(ovsFact);
    if (!tunnelsKnown || database === undefined || database === 'not running') return [];
    return {
      linted,
      name: resolved.host.name,
      place,
      database: database === 'not installed' ? { bridges: {} } : database,
      links: predicted.find(interfacesFact) ?? [],
      overlays: new Map(thingsDescribed(linted, 'tunnels').map(({ thing }) => [thing.overlay, thing.bridge])),
    };
  });
}

/** All addresses of a host, as the kernel writes them. */
export function addressesOf({ links }: TunnelHost): string[] {
  return links.flatMap(({ addresses }) => addresses.map(withoutPrefix));
}

/**
 * The host that owns each address. An address that several hosts have (docker0's, say) belongs to none,
 * unless it is declared.
 */
export function addressOwners(hosts: readonly TunnelHost[]): ReadonlyMap<string, TunnelHost> {
  const owners = new Map<string, TunnelHost>();
  const shared = new Set<string>();
  for (const host of hosts)
    for (const address of addressesOf(host)) {
      if ((owners.get(address) ?? host) !== host) shared.add(address);
      owners.set(address, host);
    }
  for (const address of shared) owners.delete(address);
  for (const host of hosts) owners.set(sameAddress(host.linted.resolved.host.underlayAddress), host);
  return owners;
}

/** Tunnel ends from `here` to `there` made by steps, where no step makes the other end. */
export function unansweredEnds(here: TunnelHost, there: TunnelHost): End[] {
  return [...here.overlays].flatMap(([overlay, bridge]) => {
    if (there.overlays.has(overlay)) return [];
    const ports = Object.entries(here.database.bridges[bridge]?.ports ?? {});
    return ports.flatMap(([name, port]) => {
      const { [overlayTag]: own, [peerTag]: peer } = port.externalIds ?? {};
      return own === overlay && peer === there.name ? [{ name, bridge, port }] : [];
    });
  });
}

/** The MTU of the host's own packets on a bridge; undefined: the host has no address there. */
export function mtuOn({ links }: TunnelHost, bridge: string): number | undefined {
  const link = (name: string) => links.find((one) => one.name === name);
  const own = link(bridge);
  if (own === undefined || !own.up) return undefined;
  const master = own.master === undefined ? undefined : link(own.master);
  return Math.min(own.mtu, master?.mtu ?? own.mtu);
}

function withoutPrefix(address: string): string {
  return address.slice(0, address.indexOf('/'));
}
