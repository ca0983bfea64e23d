import type { Facts } from '../../facts/fact.ts';
import { detailedAddresses, interfacesFact } from '../../facts/interfaces.ts';
import type { LinkAddress } from '../../facts/link-address.ts';
import { routesFact } from '../../facts/routes.ts';
import type { Problem } from '../define-kind.ts';
import { problem } from './problem.ts';
import { uplinkRoutes } from './routes.ts';

/** What moves along: addresses, and routes, or why one of them can't. */
export interface Belongings {
  readonly holder: string;
  readonly addresses: readonly LinkAddress[];
  readonly routes: ReturnType<typeof uplinkRoutes>;
}

export function belongings(holder: string, facts: Facts): Belongings {
  const link = facts.get(interfacesFact).find(({ name }) => name === holder);
  return {
    holder,
    addresses: link === undefined ? [] : detailedAddresses(link),
    routes: uplinkRoutes(facts.get(routesFact), holder),
  };
}

export function unmovable({ holder, addresses, routes }: Belongings): Problem[] {
  return [
    ...addresses
      .filter(({ lent, label }) => lent || label !== undefined)
      .map(({ address, lent, label }) =>
        problem(
          'address-not-movable',
          lent
            ? `${holder} has ${address} for a time only, from DHCP or a router advertisement`
            : `${holder} has ${address} with the label ${label}`,
          ['interface'],
          lent ? 'give the host a static address first' : undefined,
        ),
      ),
    ...routes
      .filter((route) => typeof route === 'string')
      .map((route) =>
        problem('route-not-movable', `a route by ${holder} can't be moved: ${route}`, ['interface']),
      ),
  ];
}
