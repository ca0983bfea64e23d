import type { Json } from '../json/json.ts';
import { byText, sortedKeys } from '../json/records.ts';
import { raw } from '../sh/sh.ts';
import { eachNamespace, inNamespaces } from './docker/namespaces.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { isVolatileInterface } from './interfaces.ts';
import { anything, list, mapping } from './schema.ts';
import { Unreadable } from './unreadable.ts';

/** One route as `ip -j route` prints it; `table` is undefined for the main one. */
export type Route = Readonly<Record<string, Json>>;

/**
 * Every route of every table, IPv4 and IPv6, of the host (the key '') or in a container's namespace, by its name. Its canonical form leaves out what follows from addresses and
 * links by itself: the local tables, routes to link-local and multicast ranges, those of interfaces that come
 * and go, how long a learned route still lives, and whether there is a carrier.
 */
export const routes: FactFamily<readonly Route[]> = {
  name: 'routes',
  command: 'ip -j route show',
  schema: list(mapping(anything)),
  query: (keys) =>
    eachNamespace(raw('ip -j -4 route show table all && echo && ip -j -6 route show table all'), keys),
  parse: (output, keys) => {
    const { host, containers } = inNamespaces(output, keys);
    return new Map([
      ['', routesOf(host)],
      ...[...containers].map(([name, text]): [string, Route[]] => [
        name,
        text === undefined ? [] : routesOf(text),
      ]),
    ]);
  },
  canonical: (value) =>
    value
      .filter((route) => !followsByItself(route))
      .map(({ flags: _, expires: __, ...route }) => sortedKeys(route))
      .sort(byText),
};

export const routesFact: FactQuery<readonly Route[]> = { family: routes, key: '' };

/** Those in a container's network namespace; undefined: in the host's own. */
export function routesIn(container: string | undefined): FactQuery<readonly Route[]> {
  return { family: routes, key: container ?? '' };
}

function routesOf(output: string): Route[] {
  const families = output.split('\n').filter((line) => line.startsWith('['));
  if (families.length !== 2) throw new Unreadable(`${families.length} lists of routes instead of 2`);
  return families.flatMap((family) => JSON.parse(family) as Route[]);
}

function followsByItself({ table, dst, dev }: Route): boolean {
  return (
    table === 'local' ||
    (typeof dst === 'string' && /^(fe80::|ff00::|multicast )/.test(dst)) ||
    (typeof dev === 'string' && isVolatileInterface(dev))
  );
}
