import { naturalOrder } from '../ipam/natural-order.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import { type HostPlan, isEmpty } from '../plan/host-plan.ts';
import type { PeerNeed } from '../plan/peers.ts';
import { type Ends, endsOf, type LinkState } from './ends.ts';

/** Hosts and links as drawn: what the overlays want, and how plans change it. A plain value. */
export interface Network {
  /** In natural order of names. */
  readonly hosts: readonly NetworkHost[];
  readonly overlays: readonly NetworkOverlay[];
  readonly links: readonly NetworkLink[];
}

/**
 * `plain`: nothing is planned. `outside`: in an overlay, but not selected. `peer`: not selected either, but
 * its tunnel ends need a change. `gone`: known only as the other end of a tunnel.
 */
export type HostState =
  | 'plain'
  | 'unchanged'
  | 'changes'
  | 'unknown'
  | 'unreachable'
  | 'outside'
  | 'peer'
  | 'gone';

export interface NetworkHost {
  readonly name: string;
  readonly state: HostState;
  readonly underlayAddress?: string;
  readonly memberships: readonly Membership[];
}

/** A host's part in one overlay. */
export interface Membership {
  readonly overlay: string;
  /** With the overlay's prefix length. */
  readonly bridgeAddress: string;
  readonly fixedCidr: string;
}

export interface NetworkOverlay {
  readonly name: string;
  readonly cidr: string;
  readonly tunnel: string;
  readonly key?: number;
  /** Bytes inside the tunnel. */
  readonly mtu: number;
}

/** A tunnel between two hosts, given by their indexes in `hosts`, and its overlay, given by name. */
export interface NetworkLink {
  readonly a: number;
  readonly b: number;
  readonly overlay: string;
  /** Its state at `a` and at `b`. */
  readonly states: readonly [LinkState, LinkState];
}

export interface NetworkInput {
  /** By host, then by overlay. */
  readonly overlays: ReadonlyMap<string, ReadonlyMap<string, HostOverlay>>;
  /** Undefined if only the topology is drawn. */
  readonly planned?: {
    readonly plans: readonly HostPlan[];
    readonly unreachable: ReadonlySet<string>;
    readonly peers?: readonly PeerNeed[];
  };
}

/** Every host and link that an overlay wants, or that a plan deletes. */
export function networkOf({ overlays, planned }: NetworkInput): Network {
  const plans = new Map((planned?.plans ?? []).map((plan) => [plan.host, plan]));
  const needs = new Map((planned?.peers ?? []).map((need) => [need.host, need]));
  const ends = new Map([...plans].map(([host, plan]) => [host, endsOf(plan)]));
  const asked = declared(overlays);
  const left = [...ends].flatMap(([host, { ports }]) => ports.map((end) => ({ ...end, host })));
  const underlay = underlayAddresses(asked.map(({ overlay }) => overlay));
  const members = new Set([...underlay.keys(), ...asked.map(({ host }) => host)]);
  const names = naturalOrder(
    new Set([
      ...overlays.keys(),
      ...members,
      ...plans.keys(),
      ...(planned?.unreachable ?? []),
      ...left.map(({ peer }) => peer),
    ]),
  );
  const place = new Map(names.map((name, i) => [name, i]));
  const hostState = (host: string): HostState => {
    if (planned === undefined) return overlays.has(host) ? 'plain' : 'outside';
    if (planned.unreachable.has(host)) return 'unreachable';
    const plan = plans.get(host);
    const need = needs.get(host);
    if (plan === undefined && need !== undefined) return peerState(need);
    if (plan === undefined) return members.has(host) ? 'outside' : 'gone';
    if (isEmpty(plan)) return 'unchanged';
    return plan.steps.some(({ changes }) => changes.length > 0) ? 'changes' : 'unknown';
  };
  const states = names.map(hostState);
  const isGone = states.map((state) => state === 'gone');
  const ranks = new Map(
    [...asked.map(({ overlay }) => overlay.name), ...left.map((end) => end.overlay)].map((name) => [name, 0]),
  );
  for (const [i, name] of [...ranks.keys()].entries()) ranks.set(name, i);
  // A mesh of 1,000 hosts has a million ends, so keys are numbers.
  const keys = new Map<number, NetworkLink>();
  const add = (host: string, peer: string, overlay: string, wanted: boolean) => {
    const [from, to] = [place.get(host) ?? 0, place.get(peer) ?? 0];
    const [a, b] = from < to ? [from, to] : [to, from];
    const key = ((ranks.get(overlay) ?? 0) * names.length + a) * names.length + b;
    if (keys.has(key)) return;
    const at = (one: string, other: string): LinkState =>
      planned === undefined ? 'unchanged' : stateAt(ends.get(one), other, overlay, wanted);
    const [one, other] = [names[a] ?? '', names[b] ?? ''];
    const [atA, atB] = [at(one, other), at(other, one)];
    // For a host that is no longer known, the peer's state counts.
    const states = [isGone[a] ? atB : atA, isGone[b] ? atA : atB] as const;
    keys.set(key, { a, b, overlay, states });
  };
  for (const { host, overlay } of asked)
    for (const peer of overlay.peers) add(host, peer.host, overlay.name, true);
  for (const { host, peer, overlay } of left) add(host, peer, overlay, false);
  return {
    hosts: names.map((name, i) => ({
      name,
      state: states[i] as HostState,
      ...addressesOf(overlays.get(name), underlay.get(name)),
    })),
    overlays: overlaysIn(asked.map(({ overlay }) => overlay)),
    links: [...keys.values()],
  };
}

function peerState({ answer, unreachable }: PeerNeed): HostState {
  if (unreachable) return 'unreachable';
  return answer === 'unknown' ? 'unknown' : 'peer';
}

function declared(overlays: NetworkInput['overlays']): { host: string; overlay: HostOverlay }[] {
  return [...overlays].flatMap(([host, own]) => [...own.values()].map((overlay) => ({ host, overlay })));
}

function stateAt(ends: Ends | undefined, peer: string, overlay: string, wanted: boolean): LinkState {
  const changed = ends?.find(peer, overlay);
  if (changed !== undefined) return changed.state;
  // Only a step that manages tunnels can tell whether one exists.
  if (ends === undefined || !ends.known) return 'unknown';
  return wanted ? 'unchanged' : 'absent';
}

/** As peers know them, so hosts without a plan have one, too. */
function underlayAddresses(overlays: readonly HostOverlay[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const { peers } of overlays) for (const peer of peers) addresses.set(peer.host, peer.remoteAddress);
  return addresses;
}

function addressesOf(own: ReadonlyMap<string, HostOverlay> | undefined, underlay: string | undefined) {
  const all = [...(own?.values() ?? [])];
  const address = all[0]?.underlayAddress ?? underlay;
  return {
    ...(address === undefined ? {} : { underlayAddress: address }),
    memberships: all.map(({ name, bridgeAddress, fixedCidr }) => ({
      overlay: name,
      bridgeAddress,
      fixedCidr,
    })),
  };
}

function overlaysIn(all: readonly HostOverlay[]): NetworkOverlay[] {
  const byName = new Map(all.map((overlay) => [overlay.name, overlay]));
  return [...byName.values()].map(({ name, cidr, tunnel, key, mtu }) => ({
    name,
    cidr,
    tunnel,
    ...(key === undefined ? {} : { key }),
    mtu,
  }));
}

/** Whether an end exists before, or after, a run; unknown ends are drawn in both. */
export function isThere(state: LinkState, when: 'before' | 'after'): boolean {
  if (state === 'absent') return false;
  return state !== (when === 'before' ? 'create' : 'delete');
}
