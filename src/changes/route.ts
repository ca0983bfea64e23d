import { type Route, routesIn } from '../facts/routes.ts';
import { argument } from '../facts/schema.ts';
import { indent, lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, networkPaths, none, type Primitive, presence } from './change.ts';
import { ifThere } from './link/commands.ts';
import { applyIn, containerName, inWords, namespaceOf, partIn, saveIn, undoIn } from './namespace.ts';
import { thing } from './thing.ts';

/** An IPv4 route of the main table by way of a gateway comes or goes. */
export interface RouteChange extends ChangeBase {
  readonly type: 'route';
  /** A network, or `default`. */
  readonly to: string;
  readonly via: string;
  readonly link: string;
  /** The container in whose namespace it is. Left out: the host's own. */
  readonly in?: string;
  readonly before: 'absent' | 'present';
  readonly after: 'absent' | 'present';
}

export const routePrimitive: Primitive<RouteChange> = {
  type: 'route',
  schema: changeSchema<RouteChange>(
    'route',
    { to: argument, via: argument, link: argument, before: presence, after: presence },
    { in: containerName },
  ),
  scope: 'live',
  paths: () => networkPaths,
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: ({ link, in: container }) => [thing.addresses(link, container), ...namespaceOf(container)],
  moves: none,
  tunnelEnds: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  gives: none,
  takes: none,
  marks: 'no marks',
  title: ({ to, in: container, after }) => ({
    action: after === 'present' ? 'create' : 'delete',
    noun: 'route',
    target: inWords(to, container),
  }),
  fields: ({ via, link, after }) => {
    const value = `${via} by ${link}`;
    return [{ field: 'via', ...(after === 'present' ? { after: value } : { before: value }) }];
  },
  predict: (change, facts) => facts.update(routesIn(change.in), (routes) => predicted(change, routes)),
  save: ({ in: container }) => (container === undefined ? undefined : saveIn(container)),
  apply: (change) =>
    applyIn(
      change.in,
      change.after === 'present'
        ? sh`ip -4 route add ${wordsOf(change)}`
        : sh`ip -4 route delete ${wordsOf(change)}`,
    ),
  undo: (change) => undoIn(change.in, change.before === 'present' ? addBack(change) : removeAgain(change)),
  recheck: {
    queries: ({ in: container }) => [routesIn(container)],
    parts: (change, facts) => {
      const there = facts.get(routesIn(change.in)).some((route) => isRoute(route, change));
      return { [partName(change)]: there ? change.via : null };
    },
    makes: none,
    uses: ({ link, in: container }) => [
      thing.link(link, container),
      thing.addresses(link, container),
      ...namespaceOf(container),
    ],
    // It is gone with its interface.
    leaves: none,
  },
};

/** Whether a route that is there is the one of a change. */
export function isRoute(route: Route, { to, via, link }: Pick<RouteChange, 'to' | 'via' | 'link'>): boolean {
  return route.dst === to && route.gateway === via && route.dev === link && route.table === undefined;
}

function partName({ to, via, link, in: container }: RouteChange): string {
  return partIn(container, `route ${to} via ${via} by ${link}`);
}

function wordsOf({ to, via, link }: RouteChange): string[] {
  return [to, 'via', via, 'dev', link];
}

/** Of an interface that is gone by now, the routes are gone with it. */
function addBack(change: RouteChange): Sh {
  const { link } = change;
  return ifThere(link, sh`if [ -z "$(${shown(change)})" ]; then ip -4 route add ${wordsOf(change)}; fi`);
}

function removeAgain(change: RouteChange): Sh {
  return lines(
    sh`if [ -n "$(${shown(change)})" ]; then`,
    raw(indent(sh`ip -4 route delete ${wordsOf(change)}`)),
    raw('fi'),
  );
}

function shown({ to, via, link }: RouteChange): Sh {
  return sh`ip -4 route show exact ${to} via ${via} dev ${link} 2>/dev/null || :`;
}

function predicted(change: RouteChange, routes: readonly Route[]): readonly Route[] {
  const { to, via, link, after } = change;
  const others = routes.filter((route) => !isRoute(route, change));
  return after === 'absent' ? others : [...others, { dst: to, gateway: via, dev: link, flags: [] }];
}
