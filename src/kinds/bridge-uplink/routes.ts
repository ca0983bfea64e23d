import type { UplinkRoute } from '../../changes/uplink/change.ts';
import { isLinkLocal } from '../../facts/link-address.ts';
import type { Route } from '../../facts/routes.ts';

/** Keys that don't say where a route leads, or that all routes have. */
const ignored = ['dev', 'flags', 'pref', 'type'];
/** iproute2's JSON names, and its words (ip-route(8)). */
const words: Readonly<Record<string, string>> = {
  gateway: 'via',
  protocol: 'proto',
  scope: 'scope',
  prefsrc: 'src',
  metric: 'metric',
  table: 'table',
};

/**
 * The routes through an interface, in the order in which they can be made, without those that come and go with its
 * addresses; a route that these words can't make again is a text.
 */
export function uplinkRoutes(routes: readonly Route[], link: string): (UplinkRoute | string)[] {
  const found = routes.flatMap((route) => {
    if (route.dev === link) return followsByItself(route) ? [] : [routeOf(route)];
    return hopsBy(route, link) ? [text(route)] : [];
  });
  const byGateway = (route: UplinkRoute | string) => typeof route !== 'string' && route.words.includes('via');
  return [...found.filter((route) => !byGateway(route)), ...found.filter(byGateway)];
}

function routeOf(route: Route): UplinkRoute | string {
  const keys = Object.keys(route).filter((key) => key !== 'dst' && !ignored.includes(key));
  const lent = route.protocol === 'ra' || 'expires' in route;
  const simple = route.type === undefined || route.type === 'unicast';
  if (lent || !simple || typeof route.dst !== 'string' || keys.some((key) => words[key] === undefined)) {
    return text(route);
  }
  const onlink = Array.isArray(route.flags) && route.flags.includes('onlink') ? ['onlink'] : [];
  return {
    family: isInet6(route) ? 'inet6' : 'inet',
    words: [route.dst, ...keys.flatMap((key) => [words[key] ?? '', String(route[key])]), ...onlink],
  };
}

/** Only IPv6 routes have a router preference. */
function isInet6({ dst, gateway, pref }: Route): boolean {
  return pref !== undefined || [dst, gateway].some((one) => typeof one === 'string' && one.includes(':'));
}

function followsByItself({ dst, protocol, table, gateway }: Route): boolean {
  return (
    table === 'local' ||
    (protocol === 'kernel' && gateway === undefined) ||
    (typeof dst === 'string' && (isLinkLocal(dst) || /^(ff|multicast )/.test(dst)))
  );
}

function hopsBy({ nexthops }: Route, link: string): boolean {
  return Array.isArray(nexthops) && JSON.stringify(nexthops).includes(`"dev":${JSON.stringify(link)}`);
}

function text(route: Route): string {
  return Object.entries(route)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}
