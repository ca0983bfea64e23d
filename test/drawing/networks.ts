import type { PortSettings } from '../../src/facts/ovs/ovs.ts';
import type { HostOverlay } from '../../src/model/host-overlay.ts';
import type { HostPlan } from '../../src/plan/host-plan.ts';
import { hostOverlay } from '../kinds/overlay.ts';

export type Pairs = readonly (readonly [string, string])[];
export type Overlays = ReadonlyMap<string, ReadonlyMap<string, HostOverlay>>;

/** One overlay with these links, as each of its hosts sees it. */
export function overlaysOf(pairs: Pairs, name = 'lab'): Overlays {
  const hosts = [...new Set(pairs.flat())];
  const address = (host: string) => `10.98.${hosts.indexOf(host) >> 8}.${hosts.indexOf(host) & 255}`;
  const own = (host: string) =>
    hostOverlay({
      name,
      cidr: '10.11.0.0/16',
      bridgeAddress: `10.11.0.${hosts.indexOf(host) & 255}/16`,
      fixedCidr: `10.11.${hosts.indexOf(host) & 255}.0/24`,
      underlayAddress: address(host),
      peers: pairs
        .filter((pair) => pair.includes(host))
        .map(([a, b]) => (a === host ? b : a))
        .map((peer) => ({ host: peer, remoteAddress: address(peer), port: `${name}-${peer}`.slice(0, 15) })),
    });
  return new Map(hosts.map((host) => [host, new Map([[name, own(host)]])]));
}

export function meshOf(count: number): Pairs {
  const names = Array.from({ length: count }, (_, i) => `h${i + 1}`);
  return names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
}

export type PortStates = Readonly<Record<string, 'create' | 'update' | 'delete'>>;

/** A plan with one step that manages tunnels, and does this to the ones to these peers. */
export function tunnelPlan(host: string, ports: PortStates, unknowns: readonly string[] = []): HostPlan {
  const settings = (peer: string, overlay = 'lab'): PortSettings => ({
    type: 'gre',
    options: { remote_ip: '10.98.0.9' },
    externalIds: { 'meshbook-overlay': overlay, 'meshbook-peer': peer },
  });
  const changed = Object.entries(ports).map(([peer, state]) => ({
    name: `lab-${peer}`,
    before: state === 'create' ? null : { ...settings(peer), mtuRequest: 1400 },
    after: state === 'delete' ? null : settings(peer),
  }));
  const change = { type: 'ovsdb', bridge: 'br0', before: {}, after: {}, ports: changed } as const;
  const changes = changed.length === 0 ? [] : [change];
  return { host, steps: [{ index: 0, name: 'Tunnels', kind: 'ovs_tunnels', changes, unknowns }] };
}
