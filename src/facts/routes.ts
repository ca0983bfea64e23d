import type { Json } from '../json/json.ts';
import { byText, sortedKeys } from '../json/records.ts';
import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { isVolatileInterface } from './interfaces.ts';
import { anything, list, mapping } from './schema.ts';
import { Unreadable } from './unreadable.ts';

/** One route as `ip -j route` prints it; `table` is left out for the main one. */
export type Route = Readonly<Record<string, Json>>;

/**
 * Every route of every table, IPv4 and IPv6. Its canonical form leaves out what follows from addresses and
 * links by itself: the local tables, routes to link-local and multicast ranges, those of interfaces that come
 * and go, how long a learned route still lives, and whether there is a carrier.
 */
export const routes: FactFamily<readonly Route[]> = {
  name: 'routes',
  command: 'ip -j route show',
  schema: list(mapping(anything)),
  query: () => raw('ip -j -4 route show table all && echo && ip -j -6 route show table all'),
  parse: (output) => {
    const families = output.split('\n').filter((line) => line.startsWith('['));
    if (families.length !== 2) throw new Unreadable(`${families.length} lists of routes instead of 2`);
    return new Map([['', families.flatMap((family) => JSON.parse(family) as Route[])]]);
  },
  canonical: (value) =>
    value
      .filter((route) => !followsByItself(route))
      .map(({ flags: _, expires: __, ...route }) => sortedKeys(route))
      .sort(byText),
};

export const routesFact: FactQuery<readonly Route[]> = { family: routes, key: '' };

function followsByItself({ table, dst, dev }: Route): boolean {
  return (
    table === 'local' ||
    (typeof dst === 'string' && /^(fe80::|ff00::|multicast )/.test(dst)) ||
    (typeof dev === 'string' && isVolatileInterface(dev))
  );
}
