import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { type OvsBridge, type OvsPort, ovsFact } from '../facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../facts/ovs/tags.ts';
import { entry } from '../json/records.ts';
import type { DescribedTunnels } from '../kinds/described.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import { hasCycle, type Link } from '../topology/graph.ts';
import type { LintedHost } from './linted-host.ts';
import { type DescribedThing, placeOf, thingsDescribed } from './things.ts';

/** An overlay with its present links between hosts and its future ones. */
interface Change {
  readonly said: DescribedThing<DescribedTunnels>;
  readonly old: Links;
  readonly wanted: Links;
}

/**
 * Overlays in use whose links change. Hosts don't change at the same moment, so old and new links together
 * may form a loop that neither shape has. No warning if the new shape has RSTP: a host that already has it
 * blocks its tunnels to those without, as they don't answer BFD.
 */
export function shapeChangeLints(hosts: readonly LintedHost[]): Diagnostic[] {
  const places = new Map(hosts.map(({ resolved }, place) => [resolved.host.name, place]));
  const changes = new Map<string, Change>();
  for (const [place, host] of hosts.entries()) {
    const { resolved, facts } = host;
    const database = facts.find(ovsFact);
    if (database === undefined || typeof database === 'string') continue;
    for (const said of thingsDescribed(host, 'tunnels')) {
      const overlay = resolved.overlays.get(said.thing.overlay);
      if (overlay?.protection !== 'none') continue;
      const { name } = overlay;
      const change = changes.get(name) ?? { said, old: new Links(), wanted: new Links() };
      changes.set(name, change);
      for (const { host } of overlay.peers) change.wanted.add(place, places.get(host));
      const bridge = entry(database.bridges, said.thing.bridge);
      const peers = bridge === undefined ? [] : peersOn(bridge, overlay);
      for (const peer of peers) change.old.add(place, places.get(peer));
    }
  }
  return [...changes.values()].flatMap(({ said, old, wanted }) => {
    const there = old.whole();
    if (there.length === 0) return [];
    const both = new Map([...there, ...wanted.whole()].map((link) => [link.join(), link]));
    if (!hasCycle(places.size, both.values())) return [];
    return [
      warning(
        'loop-while-changing',
        `overlay '${said.thing.overlay}' is in use, and until all its hosts have changed, old and new links can make a loop`,
        placeOf(said, 'overlay'),
        `remove the old tunnels first: ${said.step.step.kind} with state: absent`,
      ),
    ];
  });
}

/**
 * The remote hosts of the overlay's tunnels on the bridge; protected ports don't forward between each other.
 */
function peersOn({ ports }: OvsBridge, { name }: HostOverlay): string[] {
  return Object.values(ports).flatMap(({ externalIds, protected: isProtected }: OvsPort) =>
    externalIds?.[overlayTag] === name && !isProtected ? (externalIds[peerTag] ?? []) : [],
  );
}

/** Links between hosts, each by its two ends. */
class Links {
  readonly #ends = new Map<string, { readonly link: Link; ends: number }>();

  /** Adds one end; an end that leads to no known host is ignored. */
  add(from: number, to: number | undefined): void {
    if (to === undefined) return;
    const link: Link = from < to ? [from, to] : [to, from];
    const found = this.#ends.get(link.join()) ?? { link, ends: 0 };
    found.ends++;
    this.#ends.set(link.join(), found);
  }

  /** Links of which both ends are known. */
  whole(): Link[] {
    return [...this.#ends.values()].filter(({ ends }) => ends === 2).map(({ link }) => link);
  }
}
