import { addressChange } from '../../changes/address/address.ts';
import type { LinkChange, LinkSettings } from '../../changes/link/change.ts';
import type { LinkKind } from '../../changes/link/kinds.ts';
import type { Change } from '../../changes/registry.ts';
import type { RouteChange } from '../../changes/route.ts';
import type { Interface } from '../../facts/interfaces.ts';
import type { Route } from '../../facts/routes.ts';
import type { Found, NicParams } from './found.ts';

/** The two ends as a step wants them; an MTU that is left out is chosen when they are made, and left alone later. */
export interface Ends {
  readonly nic: { readonly mac: string; readonly mtu?: number | undefined };
  readonly otherEnd: { readonly name: string; readonly mac: string };
}

/** What makes the pair, or changes what differs. */
export function present(
  wanted: NicParams,
  { nic, otherEnd }: Ends,
  { bridge, pair, routes }: Found,
): Change[] {
  const { container, name } = wanted;
  if (pair === undefined) {
    const peer = { name, in: container, mac: nic.mac, mtu: nic.mtu ?? bridge.mtu, up: true };
    const settings = { mac: otherEnd.mac, mtu: bridge.mtu, master: bridge.name, up: true };
    return [
      { type: 'link', link: otherEnd.name, linkKind: { is: 'veth', peer }, before: null, after: settings },
      ...addressChanges(wanted, []),
      ...routeChanges(wanted, []),
    ];
  }
  const { come, go } = splitAddresses(wanted, pair.nic);
  return [
    ...settingChanges(otherEnd.name, undefined, pair.otherEnd, {
      mac: otherEnd.mac,
      master: bridge.name,
      up: true,
    }),
    ...settingChanges(name, container, pair.nic, {
      mac: nic.mac,
      ...(nic.mtu === undefined ? {} : { mtu: nic.mtu }),
      up: true,
    }),
    ...come,
    ...routeChanges(wanted, routes),
    ...go,
  ];
}

/** What deletes the pair: in front of that everything that goes with it, so that an undo brings it back. */
export function absent(
  { container, name }: Pick<NicParams, 'container' | 'name'>,
  { nic, otherEnd }: { readonly nic: Interface; readonly otherEnd: Interface },
  routes: readonly Route[],
): Change[] {
  const peer = { name, in: container, mac: nic.mac ?? '', mtu: nic.mtu, up: nic.up };
  const linkKind: LinkKind = { is: 'veth', peer };
  const { mac, mtu, master = null, up } = otherEnd;
  return [
    ...routes.map((route) => routeChange(container, name, route, 'absent')),
    ...ipv4Of(nic).map((address) => addressChange(name, address, 'absent', container)),
    {
      type: 'link',
      link: otherEnd.name,
      linkKind,
      before: { ...(mac === undefined ? {} : { mac }), mtu, master, up },
      after: null,
      risks: ['drops-traffic'],
    },
  ];
}

function settingChanges(
  link: string,
  container: string | undefined,
  is: Interface,
  wanted: LinkSettings,
): LinkChange[] {
  const found: LinkSettings = { mac: is.mac ?? '', mtu: is.mtu, master: is.master ?? null, up: is.up };
  const keys = (Object.keys(wanted) as (keyof LinkSettings)[]).filter((key) => wanted[key] !== found[key]);
  if (keys.length === 0) return [];
  const pick = (from: LinkSettings): LinkSettings => Object.fromEntries(keys.map((key) => [key, from[key]]));
  const where = container === undefined ? {} : { in: container };
  return [{ type: 'link', link, ...where, before: pick(found), after: pick(wanted) }];
}

function ipv4Of({ addresses }: Interface): string[] {
  return addresses.filter((address) => !address.includes(':'));
}

function addressChanges({ container, name, address }: NicParams, there: readonly string[]): Change[] {
  return there.includes(address) ? [] : [addressChange(name, address, 'present', container)];
}

/** The interface is the step's own, with no other address than its. Others go once the new one is there. */
function splitAddresses(wanted: NicParams, nic: Interface): { come: Change[]; go: Change[] } {
  const there = ipv4Of(nic);
  const { container, name, address } = wanted;
  return {
    come: addressChanges(wanted, there),
    go: there
      .filter((other) => other !== address)
      .map((other) => addressChange(name, other, 'absent', container)),
  };
}

/** A host has one default route of a metric: the old one goes before the new one comes. */
function routeChanges({ container, name, gateway }: NicParams, there: readonly Route[]): Change[] {
  const isWanted = (route: Route) => route.dst === 'default' && route.gateway === gateway;
  const gone = there.filter((route) => route.dst === 'default' && !isWanted(route));
  const missing = gateway !== undefined && !there.some(isWanted);
  return [
    ...gone.map((route) => routeChange(container, name, route, 'absent')),
    ...(missing ? [routeChange(container, name, { dst: 'default', gateway }, 'present')] : []),
  ];
}

function routeChange(
  container: string,
  link: string,
  { dst, gateway }: Route,
  after: RouteChange['after'],
): RouteChange {
  const before = after === 'present' ? 'absent' : 'present';
  return { type: 'route', to: String(dst), via: String(gateway), link, in: container, before, after };
}
